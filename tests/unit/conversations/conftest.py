"""A conversation in an empty database."""

from __future__ import annotations

import pytest

from actions.conversations import intake
from actions.conversations.offers import Option, Speech
from actions.conversations.services import open_conversation
from actions.database import Database
from tests.support.store import database

__all__ = ["database"]


@pytest.fixture(scope="session", autouse=True)
def pseudonymiser() -> None:
    intake.pseudonymiser()


@pytest.fixture
def conversation(database: Database) -> str:
    """Its greeting offers `erase` and `cancel`."""
    offer = (Option("erase", "Delete my details", send="/erase"), Option("cancel", "No", typed=("nope",)))
    with database.write() as session:
        return open_conversation(session, [Speech("Hello.", offer)]).id
