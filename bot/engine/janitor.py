"""Clears away finished engine sessions, a moment later and for as long as it takes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from types import TracebackType

import anyio.to_thread
import structlog
from anyio import CapacityLimiter
from sqlalchemy.exc import SQLAlchemyError

from actions.clock.services import machine_now
from bot.engine.sessions import TrackerTables

DELAY_SECONDS = 1.0
SWEEP_SECONDS = 3600.0
IDLE_SECONDS = 3600.0
MOST_REMEMBERED = 20_000

log = structlog.get_logger(__name__)


class Janitor:
    """Deletes sessions in batches; what it misses because of a kill, a sweep finds later."""

    def __init__(self, tables: TrackerTables, in_use: Callable[[], Awaitable[Collection[str]]]) -> None:
        """Begin with nothing to do.

        Args:
            tables: where the engine keeps its sessions.
            in_use: the sessions that conversations still name.
        """
        self._tables = tables
        self._in_use = in_use
        self._finished: set[str] = set()
        self._wake = asyncio.Event()
        self._limiter = CapacityLimiter(1)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Janitor:
        self._tasks = [asyncio.create_task(self._clear()), asyncio.create_task(self._sweep())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._flush()
        self._tables.dispose()

    def forget(self, engine_session: str) -> None:
        """Have a session deleted that nobody will use again."""
        if len(self._finished) < MOST_REMEMBERED:
            self._finished.add(engine_session)
        self._wake.set()

    async def _clear(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(DELAY_SECONDS)
            self._wake.clear()
            await self._flush()

    async def _flush(self) -> None:
        batch = sorted(self._finished)
        if not batch:
            return
        try:
            await anyio.to_thread.run_sync(self._tables.delete, batch, limiter=self._limiter)
        except SQLAlchemyError as error:
            log.warning("engine_sessions_not_deleted", kind=type(error).__name__, waiting=len(batch))
            self._wake.set()
        else:
            self._finished.difference_update(batch)

    async def _sweep(self) -> None:
        while True:
            idle_since = machine_now().timestamp() - IDLE_SECONDS
            try:
                in_use = await self._in_use()
                found = await anyio.to_thread.run_sync(
                    self._tables.forgotten, in_use, idle_since, limiter=self._limiter
                )
            except SQLAlchemyError as error:
                log.warning("engine_sessions_not_swept", kind=type(error).__name__)
            else:
                for engine_session in found:
                    self.forget(engine_session)
            await asyncio.sleep(SWEEP_SECONDS)
