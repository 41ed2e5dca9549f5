"""Locks between processes that share a database, wherever they run: one name, one holder.

On PostgreSQL they are advisory locks of a connection of their own; beside an SQLite file they are a file.
Both end with the process that holds them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text


@contextmanager
def held(engine: Engine, name: str) -> Iterator[None]:
    """Hold a lock for a block, waiting for it as long as it takes.

    Args:
        engine: of the database that the holders share.
        name: what is locked.
    """
    if engine.dialect.name == "sqlite":
        with _file(engine, name) as handle:
            if handle is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": number(name)})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": number(name)})


@contextmanager
def tried(engine: Engine, name: str) -> Iterator[bool]:
    """Hold a lock for a block if nobody else does now; tells whether it is held.

    Args:
        engine: of the database that the holders share.
        name: what is locked.
    """
    if engine.dialect.name == "sqlite":
        with _file(engine, name) as handle:
            yield handle is None or _try_file(handle)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = {"lock": number(name)}
        mine = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), asked))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), asked)


def number(name: str) -> int:
    """The advisory lock of a name: 63 bits of its hash."""
    return int.from_bytes(hashlib.sha256(f"rightline/{name}".encode()).digest()[:8], "big") >> 1


@contextmanager
def _file(engine: Engine, name: str) -> Iterator[int | None]:
    """The open lock file beside the database, or None for a database in memory, which nobody shares."""
    database = engine.url.database
    if not database or database == ":memory:":
        yield None
        return
    path = Path(f"{database}.{name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _try_file(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
