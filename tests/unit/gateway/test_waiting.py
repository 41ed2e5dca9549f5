"""Waiting that can be called off at any moment."""

from __future__ import annotations

import asyncio

from bot.gateway.waiting import woken


def test_it_ends_with_the_event_or_the_time() -> None:
    async def main() -> tuple[bool, bool]:
        event = asyncio.Event()
        late = await woken(event, 0.01)
        asyncio.get_running_loop().call_later(0.01, event.set)
        return late, await woken(event, 5)

    assert asyncio.run(main()) == (False, True)


def test_a_cancellation_that_comes_together_with_the_event_is_not_forgotten() -> None:
    async def main() -> bool:
        event = asyncio.Event()
        waiting = asyncio.create_task(woken(event, 5))
        await asyncio.sleep(0)
        event.set()
        waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled()

    assert asyncio.run(main())
