"""A database for one test, with every table of ours, on each kind of database that we run on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.conversations.services import open_conversation
from actions.database import Base, Database, tables
from actions.worker import models as worker
from tests.support.servers import postgresql_database

MODULES = (tables, worker)
BACKENDS = ("sqlite", "postgresql")
on_sqlite = pytest.mark.on_sqlite
"""For what looks into SQLite's file."""
everywhere = pytest.mark.everywhere
"""For what every run shall try on PostgreSQL too: locks, races, and all that the two do differently."""


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh database: SQLite's in the test's own folder, or one of a PostgreSQL server."""
    if request.param == "sqlite":
        fresh = Database(f"sqlite:///{tmp_path / 'rightline.db'}")
        Base.metadata.create_all(fresh.engine)
        yield fresh
        fresh.dispose()
        return
    with postgresql_database() as url:
        fresh = Database(url)
        yield fresh
        fresh.dispose()


def conversation(database: Database) -> str:
    """The id of a new conversation."""
    with database.write() as session:
        return open_conversation(session, []).id
