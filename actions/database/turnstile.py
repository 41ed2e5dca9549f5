"""One writer at a time on SQLite, without SQLite's own way of waiting, and first who is waited for.

SQLite lets a blocked writer sleep for up to a tenth of a second between its tries, and whoever comes by
while it sleeps goes first: with a few busy processes some writers wait for seconds while the lock is idle in
between. Here a writer waits for its own process's threads, then for the other processes by a lock on a file
beside the database, which the kernel gives back when a process dies. An urgent writer, on whom a contact's
browser waits, is let past those that are not. This is a courtesy and no guarantee: who has waited for too
long goes on, and SQLite's own lock decides, as it does for a program that does not know of the turnstile.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Looking costs processor time, which whoever holds the turn needs to get on with it.
LOOK_AGAIN_SECONDS = 0.002
LOOK_AGAIN_URGENTLY_SECONDS = 0.0005
SUFFIX = "-turn"
URGENT_SUFFIX = "-turn-urgent"


class Turnstile:
    """The order in which this machine's processes write to one SQLite file."""

    def __init__(self, database: Path, timeout: float) -> None:
        """Prepare; nothing is opened yet.

        Args:
            database: SQLite's file; the locks are files beside it, always empty.
            timeout: seconds to wait at the most.
        """
        self._turn = database.with_name(database.name + SUFFIX)
        self._urgent = database.with_name(database.name + URGENT_SUFFIX)
        self._timeout = timeout
        self._mine = _Line()

    @contextmanager
    def __call__(self, *, urgent: bool = False) -> Iterator[None]:
        """Hold the turn, or have waited long enough for it.

        Args:
            urgent: go before all that are not.
        """
        until = time.monotonic() + self._timeout
        with _opened(self._urgent) as wish:
            if urgent:
                # Shared, since several may be in a hurry; whoever holds it alone only looks, for a moment.
                _wait(wish, fcntl.LOCK_SH, until)
            ours = self._mine.enter(urgent, self._timeout)
            try:
                with _opened(self._turn) as turn:
                    if urgent:
                        _wait(turn, fcntl.LOCK_EX, until)
                    else:
                        self._let_past(wish, turn, until)
                    yield
            finally:
                if ours:
                    self._mine.leave()

    def _let_past(self, wish: int, turn: int, until: float) -> None:
        """Take the turn at a moment when nobody is in a hurry, but for who waits for us in this process."""
        while time.monotonic() < until:
            hurried = self._mine.someone_is_urgent
            if (hurried or _is_free(wish)) and _locked(turn, fcntl.LOCK_EX):
                return
            time.sleep(LOOK_AGAIN_URGENTLY_SECONDS if hurried else LOOK_AGAIN_SECONDS)


class _Line:
    """The threads of this process, one at a time, urgent ones first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._urgent = 0

    def enter(self, urgent: bool, seconds: float) -> bool:
        """Wait for the turn; False when it took too long."""
        with self._changed:
            self._urgent += urgent
            free = self._changed.wait_for(lambda: self._may_enter(urgent), seconds)
            self._urgent -= urgent
            self._taken = self._taken or free
            return free

    def leave(self) -> None:
        """Let the next one in."""
        with self._changed:
            self._taken = False
            self._changed.notify_all()

    @property
    def someone_is_urgent(self) -> bool:
        """Whether a thread of this process is in a hurry and waits for whoever holds the turn."""
        return self._urgent > 0

    def _may_enter(self, urgent: bool) -> bool:
        return not self._taken and (urgent or not self._urgent)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        # Closing gives the lock back.
        os.close(handle)


def _wait(handle: int, how: int, until: float) -> None:
    while time.monotonic() < until:
        if _locked(handle, how):
            return
        time.sleep(LOOK_AGAIN_URGENTLY_SECONDS)


def _is_free(handle: int) -> bool:
    free = _locked(handle, fcntl.LOCK_EX)
    if free:
        fcntl.flock(handle, fcntl.LOCK_UN)
    return free


def _locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
