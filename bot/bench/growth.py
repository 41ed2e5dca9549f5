"""What a message costs contacts while other things grow: conversation, CRM, cases, processes."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import insert

from actions.cases import references
from actions.cases.models import Case
from actions.clock.services import machine_now
from actions.crm.models import Contact, ContactEmail, ContactPreference
from actions.database import Database, tables
from bot.bench.interfaces import CLIENTS, Growth
from bot.bench.processes import BenchFailed

ANSWER_SECONDS = 60.0
LOOK_SECONDS = 0.003
LENGTHS = (5, 50, 100, 150, 200)
AROUND = 5
CONTACTS = (0, 10_000, 100_000)
CASES = (0, 1_000, 10_000)
SAMPLES = 15
AT_ONCE = 5_000
Message = dict[str, Any]
KNOWN = tables.ALL
"""A table not yet known could not be referred to."""


class Chat:
    """A conversation at the gateway, one message after the other."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        opened = client.post("/api/conversations").raise_for_status().json()
        self._path = f"/api/conversations/{opened['id']}/messages"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        self._last = 0

    def say(self, body: Mapping[str, Any]) -> float:
        """Send a message and wait for its answer; returns the seconds that took."""
        began = time.perf_counter()
        taken = self._client.post(self._path, json=dict(body), headers=self._headers).raise_for_status()
        seq = int(taken.json()["seq"])
        while time.perf_counter() - began < ANSWER_SECONDS:
            seen = self._client.get(f"{self._path}?after={seq - 1}", headers=self._headers).json()
            if not seen["pending"] and any(one.get("reply_to") == seq for one in seen["messages"]):
                return time.perf_counter() - began
            time.sleep(LOOK_SECONDS)
        raise BenchFailed(f"a message got no answer within {ANSWER_SECONDS:g} s")


def of_length(address: str) -> Growth:
    """The round trip of a message while its conversation grows to two hundred."""
    with _client(address) as client:
        chat = Chat(client)
        took: list[float] = []
        for number in range(max(LENGTHS) + AROUND):
            if number % 40 == 39:
                # What a conversation may send in a minute is limited, by our clock.
                client.post("/demo/clock", json={"advance": "PT1M"}).raise_for_status()
            took.append(chat.say({"text": "how long do you keep data" if number % 2 else "thanks"}))
    points = {length: statistics.median(took[length - AROUND : length + AROUND]) for length in LENGTHS}
    return Growth("A message, by the length of its conversation", "messages so far", points)


def of_contacts(address: str, url: str) -> Growth:
    """The turn that looks a contact up, while the CRM grows."""
    return _by_size(
        address,
        url,
        CONTACTS,
        _add_contacts,
        Growth("The turn that looks a contact up, by the size of the CRM", "contacts", {}),
    )


def of_cases(address: str, url: str) -> Growth:
    """The turn that opens a case, while cases pile up."""
    return _by_size(
        address,
        url,
        CASES,
        _add_cases,
        Growth("The turn that opens a case, by the number of cases", "cases", {}),
    )


def throughput(address: str, seconds: float) -> float:
    """Messages answered a second, through a whole Rightline, with as many clients as elsewhere."""
    return asyncio.run(_throughput(address, seconds))


def _by_size(
    address: str,
    url: str,
    sizes: Sequence[int],
    add: Callable[[Database, int, int], None],
    growth: Growth,
) -> Growth:
    database = Database(url)
    points: dict[int, float] = {}
    last = 0
    try:
        with _client(address) as client:
            for size in sizes:
                add(database, last, size)
                last = size
                took = []
                for _ in range(SAMPLES):
                    chat = Chat(client)
                    chat.say({"text": "stop sending me marketing emails"})
                    took.append(chat.say({"fields": {"email": f"{uuid.uuid4().hex}@bench.example"}}))
                points[size] = statistics.median(took)
    finally:
        database.dispose()
    return Growth(growth.what, growth.grows, points)


def _add_contacts(database: Database, first: int, last: int) -> None:
    at = machine_now() - timedelta(days=400)
    for start in range(first, last, AT_ONCE):
        names = [f"bench-{number}" for number in range(start, min(start + AT_ONCE, last))]
        with database.write() as session:
            rows: list[Message] = [
                {"id": name, "name": "Kim", "surname": "Vale", "state": "active", "added_at": at}
                for name in names
            ]
            session.execute(insert(Contact), rows)
            addresses = [
                {"contact_id": name, "address": f"{name}@bench.example", "primary": True} for name in names
            ]
            session.execute(insert(ContactEmail), addresses)
            wanted = [
                {"contact_id": name, "topic": "monthly_newsletter", "channel": "email", "wanted": True}
                for name in names
            ]
            session.execute(insert(ContactPreference), wanted)


def _add_cases(database: Database, first: int, last: int) -> None:
    at = machine_now() - timedelta(days=40)
    for start in range(first, last, AT_ONCE):
        with database.write() as session:
            session.add_all(
                Case(
                    reference=references.fresh(),
                    right="access",
                    state="fulfilled",
                    channel="chat",
                    address=f"bench-{number}@bench.example",
                    received_at=at,
                    due_on=at.date(),
                    closed_at=at,
                )
                for number in range(start, min(start + AT_ONCE, last))
            )


async def _throughput(address: str, seconds: float) -> float:
    limits = httpx.Limits(max_connections=2 * CLIENTS, max_keepalive_connections=2 * CLIENTS)
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits, trust_env=False) as client:
        began = time.monotonic()
        until = began + seconds
        answered = await asyncio.gather(*(_talk(client, until) for _ in range(CLIENTS)))
        return sum(answered) / (time.monotonic() - began)


async def _talk(client: httpx.AsyncClient, until: float) -> int:
    answered = 0
    while time.monotonic() < until:
        opened = (await client.post("/api/conversations")).raise_for_status().json()
        path, headers = (
            f"/api/conversations/{opened['id']}/messages",
            {"Authorization": f"Bearer {opened['token']}"},
        )
        address = f"{uuid.uuid4().hex}@bench.example"
        for body in ({"text": "stop sending me marketing emails"}, {"fields": {"email": address}}):
            taken = (await client.post(path, json=body, headers=headers)).raise_for_status()
            await _answer(client, path, headers, int(taken.json()["seq"]))
            answered += 1
    return answered


async def _answer(client: httpx.AsyncClient, path: str, headers: dict[str, str], seq: int) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        seen = (await client.get(f"{path}?after={seq - 1}", headers=headers)).json()
        if not seen["pending"] and any(one.get("reply_to") == seq for one in seen["messages"]):
            return
        await asyncio.sleep(0.02)
    raise BenchFailed(f"a message got no answer within {ANSWER_SECONDS:g} s")


@contextmanager
def _client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        yield client
