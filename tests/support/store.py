"""A database for one test, with every table of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.conversations.services import open_conversation
from actions.database import Base, Database, tables
from actions.worker import models as worker

MODULES = (tables, worker)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database in the test's own folder."""
    fresh = Database(f"sqlite:///{tmp_path / 'rightline.db'}")
    Base.metadata.create_all(fresh.engine)
    yield fresh
    fresh.dispose()


def conversation(database: Database) -> str:
    """The id of a new conversation."""
    with database.write() as session:
        return open_conversation(session, []).id
