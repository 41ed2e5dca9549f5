"""Backups of a test's SQLite database, and restoring them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from actions.database import Database


def back_up(database: Database, to: Path) -> Path:
    """A copy of the database as it is now, by SQLite's own means."""
    with (
        closing(sqlite3.connect(database.url.database or "")) as living,
        closing(sqlite3.connect(to)) as copy,
    ):
        living.backup(copy)
    return to


def restored(backup: Path) -> Database:
    """The backup, opened as a database of its own."""
    return Database(f"sqlite:///{backup}")
