"""Telling cheaply that nothing has happened, for who would otherwise ask the database again and again."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from actions.database.services import Database

CONNECT_SECONDS = 5.0


class Changes:
    """Whether anything was committed since it was last asked; what cannot tell says yes."""

    def __init__(self, database: Database, *, at_least_every: float) -> None:
        """Prepare, without connecting.

        Args:
            database: of ours.
            at_least_every: seconds after which the answer is yes anyway: time alone makes some things due.
        """
        self._file = database.url.database if database.is_sqlite else None
        self._every = at_least_every
        self._connection: sqlite3.Connection | None = None
        self._version: object = None
        self._said_yes_at = 0.0

    def any(self) -> bool:
        """Whether to look; for one thread at a time."""
        version = self._current()
        at = time.monotonic()
        if version is not None and version == self._version and at - self._said_yes_at < self._every:
            return False
        self._version, self._said_yes_at = version, at
        return True

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _current(self) -> object:
        """A number that every commit of another connection changes, or None where there is none."""
        if self._file is None:
            return None
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    # A file that is not there is not made.
                    f"{Path(self._file).absolute().as_uri()}?mode=rw",
                    uri=True,
                    timeout=CONNECT_SECONDS,
                    check_same_thread=False,
                    isolation_level=None,
                )
            return self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            self.close()
            return None
