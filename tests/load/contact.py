"""One contact who insists: sends again under the same key until it was taken, and waits for every answer."""

from __future__ import annotations

import asyncio
import re
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio.to_thread
import httpx
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from actions.database import Database
from bot.converse.mailroom import CODE
from bot.demo.models import DemoMail

PATIENCE_SECONDS = 300.0
LOOK_SECONDS = 0.25
FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.15, 1.0
"""Looking costs the processes that are tested more than answering does: the longer it takes, the rarer."""
RETRY_SECONDS = 0.3
STRAGGLERS = 500
Message = dict[str, Any]


class Lost(Exception):
    """Something that was waited for did not come."""


def address_of(number: int) -> str:
    """A made-up contact's address."""
    return f"c{number}@kills.example"


class Letters(ABC):
    """The letters that arrived, by address."""

    def __init__(self) -> None:
        self.by_address: dict[str, list[dict[str, Any]]] = defaultdict(list)

    @abstractmethod
    def read(self) -> None:
        """Read what is new."""

    async def read_for_ever(self) -> None:
        """Read what is new, again and again, until cancelled."""
        while True:
            try:
                await anyio.to_thread.run_sync(self.read)
            except SQLAlchemyError:
                # Its server has just been killed.
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(LOOK_SECONDS)

    def code(self, address: str) -> str | None:
        """The newest code sent to an address."""
        found = [CODE.search(letter["text"]) for letter in self.by_address[address]]
        codes = [match[1] + match[2] for match in found if match]
        return codes[-1] if codes else None


class DemoLetters(Letters):
    """The same from the table of a demo's mailbox, as they come."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._last = 0
        self._seen: set[int] = set()

    @classmethod
    @contextmanager
    def of(cls, url: str) -> Iterator[DemoLetters]:
        """The letters of a demo's database."""
        database = Database(url)
        try:
            yield cls(database)
        finally:
            database.dispose()

    def read(self) -> None:
        """Read what is new; a letter may be stored later than one with a higher number."""
        with self._database.read() as session:
            there = session.scalars(select(DemoMail.id).where(DemoMail.id > self._last - STRAGGLERS))
            fresh = [number for number in there if number not in self._seen]
            if not fresh:
                return
            for mail in session.scalars(select(DemoMail).where(DemoMail.id.in_(fresh)).order_by(DemoMail.id)):
                self._seen.add(mail.id)
                self.by_address[mail.content["to"]].append(mail.content)
                self._last = max(self._last, mail.id)


@dataclass
class Held:
    """A conversation that was held to its end, or as far as it went.

    Attributes:
        number: which contact.
        kind: what was wanted.
        id: of the conversation.
        keys: the contact's own names of their messages, in order.
        messages: all that was said.
        failure: what did not come, if anything.
    """

    number: int
    kind: str
    id: str = ""
    keys: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    failure: str = ""


async def hold(client: httpx.AsyncClient, letters: Letters, number: int, kind: str) -> Held:
    """Hold one conversation to its end.

    Args:
        client: of the balancer's address.
        letters: where codes come from.
        number: which contact.
        kind: `erase`, `opt_out` or `ask`.
    """
    held = Held(number, kind)
    contact = _Contact(client, held)
    address = address_of(number)
    try:
        await contact.begin()
        if kind == "erase":
            await contact.say({"text": "please delete all my data"})
            await contact.say({"fields": {"email": address}})
            code = await _until(lambda: letters.code(address), f"{address} got no code")
            await contact.say({"fields": {"code": code}})
            await contact.say({"choice": "erase"})
            await contact.hear("Done")
        elif kind == "opt_out":
            await contact.say({"text": "stop sending me marketing emails"})
            await contact.say({"fields": {"email": address}})
            await contact.say({"choice": "cancel"})
        else:
            await contact.say({"text": "how long do you keep data"})
            await contact.say({"text": "thanks"})
    except Lost as error:
        held.failure = str(error)
    return held


class _Contact:
    def __init__(self, client: httpx.AsyncClient, held: Held) -> None:
        self._client = client
        self._held = held
        self._token = ""
        self._pending = False

    async def begin(self) -> None:
        # Whoever hears no answer begins anew; what was begun before holds nothing of theirs.
        opened = await self._insist("POST", "/api/conversations", 201)
        self._held.id, self._token = opened["id"], opened["token"]
        self._held.messages = list(opened["messages"])

    async def say(self, body: dict[str, Any]) -> None:
        """Send a message and wait until it is answered."""
        key = f"{self._held.number}-{len(self._held.keys)}"
        self._held.keys.append(key)
        taken = await self._insist("POST", self._path, 202, {**body, "key": key})
        seq = int(taken["seq"])

        def answered() -> bool:
            said = self._held.messages
            return not self._pending and any(one["seq"] > seq and one["from"] != "contact" for one in said)

        await self._look_until(answered, f"message {key} got no answer")

    async def hear(self, beginning: str) -> None:
        """Wait for a message that begins so."""

        def said() -> bool:
            return any((one.get("text") or "").startswith(beginning) for one in self._held.messages)

        await self._look_until(said, f"{self._held.number} never heard '{beginning}'")

    @property
    def _path(self) -> str:
        return f"/api/conversations/{self._held.id}/messages"

    async def _look_until(self, satisfied: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = FIRST_LOOK_SECONDS
        while True:
            last = self._held.messages[-1]["seq"] if self._held.messages else 0
            answer = await self._insist("GET", f"{self._path}?after={last}", 200)
            self._held.messages += answer["messages"]
            self._pending = bool(answer["pending"])
            if satisfied():
                return
            if time.monotonic() > deadline:
                raise Lost(otherwise)
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, LONGEST_LOOK_SECONDS)

    async def _insist(
        self, method: str, path: str, status: int, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        deadline = time.monotonic() + PATIENCE_SECONDS
        last = ""
        while time.monotonic() < deadline:
            try:
                answer = await self._client.request(method, path, json=body, headers=headers)
                if answer.status_code == status:
                    content: dict[str, Any] = answer.json()
                    return content
                last = f"{answer.status_code} {answer.text[:200]}"
                if answer.status_code in (401, 404, 409, 413, 422):
                    break
            except httpx.HTTPError as error:
                last = type(error).__name__
            await asyncio.sleep(RETRY_SECONDS)
        raise Lost(f"{method} {re.sub(r'/[A-Za-z0-9_-]{16,}', '/…', path)}: {last}")


async def _until(look: Callable[[], str | None], otherwise: str) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        await asyncio.sleep(LOOK_SECONDS)
    raise Lost(otherwise)
