"""A conversation in an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.conversations import intake
from actions.conversations.offers import Option, Speech
from actions.conversations.services import open_conversation
from actions.database import Database
from actions.database.tables import METADATA


@pytest.fixture(scope="session", autouse=True)
def pseudonymiser() -> None:
    intake.pseudonymiser()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'test.db'}")
    METADATA.create_all(made.engine)
    yield made
    made.dispose()


@pytest.fixture
def conversation(database: Database) -> str:
    """Its greeting offers `erase` and `cancel`."""
    offer = (Option("erase", "Delete my details", send="/erase"), Option("cancel", "No", typed=("nope",)))
    with database.write() as session:
        return open_conversation(session, [Speech("Hello.", offer)]).id
