"""The synchronous database, for asynchronous callers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from sqlalchemy.orm import Session

from actions.database import Database

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

READERS = 8
# One at a time on SQLite, which knows one writer: they queue here in order instead of polling for its lock.
SQLITE_WRITERS = 1
SERVER_WRITERS = 16


class Storage:
    """Runs functions that take a session first in threads, one transaction each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._readers = CapacityLimiter(READERS)
        self._writers = CapacityLimiter(SQLITE_WRITERS if database.is_sqlite else SERVER_WRITERS)
        self._urgent_writers = CapacityLimiter(SQLITE_WRITERS if database.is_sqlite else SERVER_WRITERS)

    async def read(
        self,
        work: Callable[Concatenate[Session, Arguments], Result],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Result:
        """Run `work` with a reading session."""

        def look() -> Result:
            with self.database.read() as session:
                return work(session, *arguments, **named)

        return await anyio.to_thread.run_sync(look, limiter=self._readers)

    async def write(
        self,
        work: Callable[Concatenate[Session, Arguments], Result],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Result:
        """Run `work` in a transaction, committed when it returns and rolled back when it raises."""

        return await self._write(work, arguments, named, urgent=False)

    async def write_urgently(
        self,
        work: Callable[Concatenate[Session, Arguments], Result],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Result:
        """As `write`, before all that can wait: for what is short, and what a browser waits for."""
        return await self._write(work, arguments, named, urgent=True)

    async def _write(
        self, work: Callable[..., Result], arguments: tuple[Any, ...], named: dict[str, Any], *, urgent: bool
    ) -> Result:
        def change() -> Result:
            with self.database.write(urgent=urgent) as session:
                return work(session, *arguments, **named)

        limiter = self._urgent_writers if urgent else self._writers
        return await anyio.to_thread.run_sync(change, limiter=limiter)
