"""One running Rightline: its claim on a state folder, and the note that tells others where it is."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType

NOTE = "run.json"
LOOKS = 5
LOOK_SECONDS = 0.1


class AlreadyRunning(Exception):
    """Another supervisor has claimed the state folder."""


@dataclass(frozen=True)
class Running:
    """What the note says.

    Attributes:
        pid: the supervisor's process.
        address: where the gateway listens, as a base URL without a slash at its end.
        demo: whether it is the demo.
        ports: by part, where it listens; `smtp` for the demo's mail receiver.
        parts: by part, its process, which leads a process group of the same number.
        settings: those that name its database and Redis, where it was told of any or made its own.
    """

    pid: int
    address: str
    demo: bool
    ports: dict[str, int]
    parts: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)


class Claim:
    """Holds a state folder for this process, as a context manager; a killed holder's claim ends with it."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __enter__(self) -> Claim:
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self._home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock_patiently(self._lock):
            os.close(self._lock)
            raise AlreadyRunning(_already_running(self._home))
        (self._home / NOTE).unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self._home / NOTE).unlink(missing_ok=True)
        os.close(self._lock)

    def write(self, running: Running) -> None:
        """Tell others what runs now; they read the whole note or the one before."""
        handle, temporary = tempfile.mkstemp(dir=self._home, prefix=NOTE)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(running), file, indent=1)
        Path(temporary).replace(self._home / NOTE)


def find_running(home: Path) -> Running | None:
    """The Rightline that runs on this state folder now, or None."""
    try:
        lock = os.open(home / "lock", os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        return None if try_lock(lock) else _read(home)
    finally:
        os.close(lock)


def try_lock(descriptor: int) -> bool:
    """Lock an open file for as long as it stays open; False when another process has."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_patiently(descriptor: int) -> bool:
    # Somebody who only looks, see find_running, holds the lock for an instant.
    for _ in range(LOOKS):
        if try_lock(descriptor):
            return True
        time.sleep(LOOK_SECONDS)
    return False


def _read(home: Path) -> Running | None:
    with contextlib.suppress(FileNotFoundError, ValueError, TypeError):
        return Running(**json.loads((home / NOTE).read_text()))
    return None


def _already_running(home: Path) -> str:
    running = _read(home)
    where = f" at {running.address} (process {running.pid})" if running else ""
    return (
        f"Rightline runs already{where} with its state in {home}. Stop that one, or set RIGHTLINE_HOME to "
        "another folder to run a second one beside it."
    )
