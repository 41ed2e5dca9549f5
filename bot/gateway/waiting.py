"""Waiting for an event, but not for ever."""

from __future__ import annotations

import asyncio
import contextlib


async def woken(event: asyncio.Event, seconds: float) -> bool:
    """Wait until an event is set, or for so long at the most; says whether it is set.

    Not `asyncio.wait_for`: before Python 3.12 it forgets a cancellation that comes together with the event.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
