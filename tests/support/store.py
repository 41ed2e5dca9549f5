"""A database for one test, with every table of ours.

SQLite in the test's own folder; or, where `RIGHTLINE_TEST_POSTGRESQL` is the URL of a PostgreSQL server, a
database made there for the test and dropped after it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from actions.conversations.services import open_conversation
from actions.database import Base, Database, tables
from actions.worker import models as worker

MODULES = (tables, worker)
POSTGRESQL = os.environ.get("RIGHTLINE_TEST_POSTGRESQL", "")
on_sqlite = pytest.mark.skipif(bool(POSTGRESQL), reason="looks into SQLite's file")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh database."""
    with _place(tmp_path) as url:
        fresh = Database(url)
        Base.metadata.create_all(fresh.engine)
        yield fresh
        fresh.dispose()


def conversation(database: Database) -> str:
    """The id of a new conversation."""
    with database.write() as session:
        return open_conversation(session, []).id


@contextmanager
def _place(folder: Path) -> Iterator[str]:
    if not POSTGRESQL:
        yield f"sqlite:///{folder / 'rightline.db'}"
        return
    name = f"rightline_test_{secrets.token_hex(8)}"
    engine = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()
