"""Whether turns can be served now: looked at while they cannot, and again after a failure."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType

import structlog

FIRST_LOOK_SECONDS = 0.1
LAST_LOOK_SECONDS = 2.0

log = structlog.get_logger(__name__)


class Gate:
    """Closed until a look says that all is well; one look at a time, however many wait."""

    def __init__(self, look: Callable[[], Awaitable[bool]]) -> None:
        """Begin closed.

        Args:
            look: whether everything a turn needs is there; must not fail.
        """
        self._look = look
        self._open = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Gate:
        self.close()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def is_open(self) -> bool:
        """Whether turns can be served, as far as is known."""
        return self._open.is_set()

    def close(self) -> None:
        """Stop serving until a look says that all is well."""
        self._open.clear()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep_looking())

    async def wait(self) -> None:
        """Until it is open."""
        await self._open.wait()

    async def _keep_looking(self) -> None:
        pause = FIRST_LOOK_SECONDS
        while not await self._look():
            await asyncio.sleep(pause)
            pause = min(pause * 2, LAST_LOOK_SECONDS)
        self._open.set()
        log.info("turns_can_be_served")
