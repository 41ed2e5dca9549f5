"""One writer at a time on SQLite, without SQLite's own way of waiting.

SQLite lets a blocked writer sleep for up to a tenth of a second between its tries, and whoever comes by
while it sleeps goes first: with a few busy processes some writers wait for seconds while the lock is idle in
between. Here a writer waits for its own process's threads, then for the other processes by a lock on a file
beside the database, which the kernel gives back when a process dies. This is a courtesy and no guarantee: who
has waited for too long goes on, and SQLite's own lock decides, as it does for a program that does not know of
the turnstile.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_AGAIN_SECONDS = 0.001
SUFFIX = "-turn"


class Turnstile:
    """The order in which this machine's processes write to one SQLite file."""

    def __init__(self, database: Path, timeout: float) -> None:
        """Prepare; nothing is opened yet.

        Args:
            database: SQLite's file; the lock is a file beside it, always empty.
            timeout: seconds to wait at the most.
        """
        self._path = database.with_name(database.name + SUFFIX)
        self._timeout = timeout
        self._mine = threading.Lock()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the turn, or have waited long enough for it."""
        until = time.monotonic() + self._timeout
        ours = self._mine.acquire(timeout=self._timeout)
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                self._wait(handle, until)
                yield
            finally:
                # Closing gives the lock back.
                os.close(handle)
        finally:
            if ours:
                self._mine.release()

    @staticmethod
    def _wait(handle: int, until: float) -> None:
        while time.monotonic() < until:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(LOOK_AGAIN_SECONDS)
            else:
                return
