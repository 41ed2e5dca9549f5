"""Nobody asks the database again while nothing has happened, and nobody misses what has."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from actions.database import Database
from actions.database.changes import Changes


def _file(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'some.db'}")
    with database.write() as session:
        session.execute(text("CREATE TABLE seen (number INTEGER)"))
    return database


def test_every_commit_is_noticed_once_and_reading_is_none(tmp_path: Path) -> None:
    database = _file(tmp_path)
    changes = Changes(database, at_least_every=3600)
    assert changes.any(), "whoever has not looked yet looks"
    assert not changes.any()
    with database.read() as session:
        session.execute(text("SELECT * FROM seen")).all()
    assert not changes.any()
    with database.write() as session:
        session.execute(text("INSERT INTO seen VALUES (1)"))
    assert changes.any()
    assert not changes.any()
    changes.close()


def test_what_becomes_due_by_time_alone_is_looked_for(tmp_path: Path) -> None:
    changes = Changes(_file(tmp_path), at_least_every=0)
    assert all(changes.any() for _ in range(3))


def test_a_file_that_is_gone_is_not_made_and_whoever_uses_it_hears_of_it(tmp_path: Path) -> None:
    changes = Changes(Database(f"sqlite:///{tmp_path / 'none.db'}"), at_least_every=3600)
    assert changes.any()
    assert changes.any()
    assert not (tmp_path / "none.db").exists()


def test_of_a_server_it_is_asked_every_time() -> None:
    changes = Changes(Database("postgresql://127.0.0.1/some"), at_least_every=3600)
    assert changes.any()
    assert changes.any()
