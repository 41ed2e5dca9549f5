"""Turns of a form at an engine's REST channel: alone, several at once, and in ever longer sessions."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Iterator

import httpx

from bot.bench.interfaces import CLIENTS, EngineFigures, Latencies
from bot.bench.processes import BenchFailed, Engine

TURNS = 6
TYPED = ("EMAIL_{}", "it should be EMAIL_{} I think", "sorry, try EMAIL_{} instead")
STRUCTURED = '/provide{{"email": "EMAIL_{}"}}'
LENGTHS = (5, 50, 100, 150, 200)
AROUND = 5


async def measure(
    engine: Engine, figures: EngineFigures, *, conversations: int, seconds: float, long: bool
) -> None:
    """Measure an engine.

    Args:
        engine: one that is ready.
        figures: where to.
        conversations: how many are held alone.
        seconds: how long the crowd talks.
        long: whether to hold one conversation of two hundred messages, too.
    """
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=engine.url, timeout=60, limits=limits, trust_env=False) as client:
        for number in range(conversations + 1):
            typed, structured = await _conversation(client)
            if number:  # the first one warms everything up
                figures.typed.seconds += typed
                figures.structured.seconds += structured
        await _crowd(client, figures, seconds)
        if long:
            figures.length = await _long_session(client)
    figures.memory = engine.memory()


async def _conversation(client: httpx.AsyncClient) -> tuple[list[float], list[float]]:
    sender = uuid.uuid4().hex
    await _say(client, sender, "/erase")
    took: tuple[list[float], list[float]] = ([], [])
    for number, text in enumerate(_turns()):
        took[number % 2].append(await _say(client, sender, text))
    state = (await client.get(f"/conversations/{sender}/tracker")).json()
    if state["active_loop"].get("name") != "request_form":
        raise BenchFailed("the measured turns left the form, so they were not turns of a form")
    return took


async def _crowd(client: httpx.AsyncClient, figures: EngineFigures, seconds: float) -> None:
    began = time.monotonic()
    until = began + seconds
    taken: list[float] = []

    async def one() -> None:
        while time.monotonic() < until:
            sender = uuid.uuid4().hex
            for text in ("/erase", *_turns()):
                if time.monotonic() >= until:
                    return
                taken.append(await _say(client, sender, text))

    await asyncio.gather(*(one() for _ in range(CLIENTS)))
    figures.crowd = Latencies(taken)
    figures.per_second = len(taken) / (time.monotonic() - began)


async def _long_session(client: httpx.AsyncClient) -> dict[int, float]:
    """The median around each length of a session that never ends."""
    sender = uuid.uuid4().hex
    await _say(client, sender, "/erase")
    took: list[float] = []
    while len(took) < max(LENGTHS) + AROUND:
        for text in _turns():
            took.append(await _say(client, sender, text))
    return {length: statistics.median(took[length - AROUND : length + AROUND]) for length in LENGTHS}


def _turns() -> Iterator[str]:
    for number in range(TURNS):
        text = TYPED[number // 2] if number % 2 == 0 else STRUCTURED
        yield text.format(number + 1)


async def _say(client: httpx.AsyncClient, sender: str, text: str) -> float:
    content = {"sender": sender, "message": text, "metadata": {"turn": "bench", "offered": []}}
    began = time.perf_counter()
    answer = await client.post("/webhooks/rest/webhook", json=content)
    took = time.perf_counter() - began
    if not answer.is_success:
        raise BenchFailed(f"the engine answered {answer.status_code}")
    return took
