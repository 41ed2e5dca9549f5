"""Many contacts at once, each with an open event stream, against a demo on this machine.

    .venv/bin/python -m tests.load.crowd --address http://127.0.0.1:8000 [--conversations 500] [--minutes 5]

Every conversation sends a message every 20 s, seven in ten by button or private field, and checks what comes:
each message answered, nothing doubled, nothing out of order. Loopback only, and it stops by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import random
import resource
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

EVERY_SECONDS = 20.0
IDLE_SECONDS = 4.0
"""An idle connection is given up before the server does so (after 5 s)."""
TEXTS = ("how long do you keep data", "please stop emailing me offers", "sort out my details", "hello")
Message = dict[str, Any]


@dataclass
class Figures:
    """What was measured, in seconds, and what went wrong."""

    accepted: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    structured: int = 0
    texts: int = 0
    refused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    again: int = 0
    unanswered: int = 0
    drained: float = 0.0
    generator_seconds: float = 0.0
    elapsed: float = 0.0

    @property
    def sent(self) -> int:
        """Messages that the gateway took."""
        return len(self.accepted)


class Contact:
    """One conversation: its stream, its log, and what it sends next."""

    def __init__(self, number: int, client: httpx.AsyncClient, figures: Figures) -> None:
        self._number = number
        self._client = client
        self._figures = figures
        self._random = random.Random(number)
        self._log: dict[int, Message] = {}
        self._waiting: dict[int, float] = {}
        self._last = 0
        self._sent = 0
        self._id = self._token = ""

    async def begin(self) -> None:
        """Open the conversation."""
        answer = await self._client.post("/api/conversations")
        answer.raise_for_status()
        opened = answer.json()
        self._id, self._token = opened["id"], opened["token"]
        for message in opened["messages"]:
            self._take(message)

    async def follow(self) -> None:
        """Read the event stream for as long as it is let."""
        while True:
            headers = {**self._headers, "Last-Event-ID": str(self._last)}
            try:
                async with self._client.stream(
                    "GET", f"/api/conversations/{self._id}/events", headers=headers, timeout=None
                ) as stream:
                    await self._read(stream)
            except httpx.HTTPError as error:
                self._figures.wrong.append(f"a stream broke: {type(error).__name__}")
            await asyncio.sleep(1)

    async def talk(self, until: float) -> None:
        """Send a message every 20 s until a moment of the monotonic clock."""
        await asyncio.sleep(self._random.random() * EVERY_SECONDS)
        while time.monotonic() < until:
            began = time.monotonic()
            await self._say(self._next())
            await asyncio.sleep(max(0.0, EVERY_SECONDS - (time.monotonic() - began)))

    @property
    def waits(self) -> bool:
        """Whether something sent is not answered yet."""
        return bool(self._waiting)

    @property
    def log(self) -> list[Message]:
        """Everything heard, in order."""
        return [self._log[seq] for seq in sorted(self._log)]

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def _read(self, stream: httpx.Response) -> None:
        event = ""
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "message":
                self._take(json.loads(value))

    def _take(self, message: Message) -> None:
        seq = message["seq"]
        if seq in self._log or seq != self._last + 1:
            self._figures.wrong.append(f"seq {seq} came after {self._last}")
        self._log[seq], self._last = message, seq
        sent = self._waiting.pop(message.get("reply_to", -1), None)
        if sent is not None and message["from"] != "contact":
            self._figures.answered.append(time.monotonic() - sent)

    def _next(self) -> dict[str, Any]:
        """A button or a field seven times in ten, where one is offered."""
        since = [message for message in self.log if message["from"] == "contact"]
        answered = since[-1]["seq"] if since else 0
        offers = [message for message in self.log if message["seq"] > answered]
        choices = [choice["id"] for message in offers for choice in message.get("choices", ())]
        asks = [message["ask"]["field"] for message in offers if "ask" in message]
        usable = [choice for choice in choices if choice not in ("resend_code", "talk_to_human")]
        if self._random.random() < 0.78 and (asks or usable):
            self._figures.structured += 1
            if asks and asks[-1] == "email":
                return {"fields": {"email": f"visitor{self._number}.{self._sent}@crowd.example"}}
            if usable:
                return {"choice": self._random.choice(usable)}
            return {"fields": {asks[-1]: "482913" if asks[-1] == "code" else "020 7946 0958"}}
        self._figures.texts += 1
        return {"text": self._random.choice(TEXTS)}

    async def _say(self, content: dict[str, Any]) -> None:
        self._sent += 1
        body = {**content, "key": f"{self._number}-{self._sent}"}
        began = time.monotonic()
        answer = await self._post(body)
        if answer.status_code != 202:
            self._figures.refused.append(f"{answer.status_code} {answer.text[:80]}")
            return
        self._figures.accepted.append(time.monotonic() - began)
        seq = answer.json()["seq"]
        if not any(message.get("reply_to") == seq for message in self.log):
            self._waiting[seq] = began

    async def _post(self, body: dict[str, Any]) -> httpx.Response:
        """As a browser does it: where an idle connection was closed under it, once more with the same key."""
        path = f"/api/conversations/{self._id}/messages"
        try:
            return await self._client.post(path, json=body, headers=self._headers)
        except httpx.TransportError:
            self._figures.again += 1
            return await self._client.post(path, json=body, headers=self._headers)


async def crowd(address: str, conversations: int, minutes: float) -> Figures:
    """Let a crowd talk, and wait until everything is answered.

    Args:
        address: of a demo on loopback.
        conversations: how many at once.
        minutes: how long they go on sending.
    """
    if not (urlsplit(address).hostname or "").startswith("127."):
        raise ValueError("only a demo on this machine's loopback address may be put under load")
    figures = Figures()
    began, spent = time.monotonic(), _processor_seconds()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=IDLE_SECONDS)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30, trust_env=False) as client:
        contacts = [Contact(number, client, figures) for number in range(conversations)]
        gate = asyncio.Semaphore(20)
        await asyncio.gather(*(_begin(contact, gate) for contact in contacts))
        streams = [asyncio.create_task(contact.follow()) for contact in contacts]
        until = time.monotonic() + minutes * 60
        await asyncio.gather(*(contact.talk(until) for contact in contacts))
        ended = time.monotonic()
        while any(contact.waits for contact in contacts) and time.monotonic() - ended < 60:
            await asyncio.sleep(0.1)
        figures.drained = time.monotonic() - ended
        figures.unanswered = sum(contact.waits for contact in contacts)
        for contact in contacts:
            figures.wrong += problems(contact.log)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    figures.elapsed = time.monotonic() - began
    figures.generator_seconds = _processor_seconds() - spent
    return figures


async def _begin(contact: Contact, gate: asyncio.Semaphore) -> None:
    async with gate:
        await contact.begin()


def problems(log: list[Message]) -> list[str]:
    """What is lost, doubled or out of order in a log that has been heard to its end."""
    found = []
    if [message["seq"] for message in log] != list(range(1, len(log) + 1)):
        found.append("a log has gaps or repetitions")
    answered = {message["reply_to"] for message in log if "reply_to" in message}
    for message in log:
        if message["from"] == "contact" and message["seq"] not in answered:
            found.append(f"message {message['seq']} has no answer")
        if message.get("reply_to", 0) >= message["seq"]:
            found.append(f"message {message['seq']} answers what comes later")
    return found


def percentile(values: list[float], share: int) -> float:
    """A percentile, in the unit of the values."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1] if len(values) > 1 else 0.0


def report(figures: Figures, memory_mb: float | None = None) -> str:
    """The figures for people."""
    share = figures.structured / max(1, figures.structured + figures.texts)
    lines = [
        f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, "
        f"httpx {httpx.__version__}",
        f"{figures.sent} messages taken in {figures.elapsed:.0f} s, {share:.0%} by button or field",
        f"{figures.again} sent again on a fresh connection, {len(figures.refused)} refused, "
        f"{len(figures.wrong)} lost, doubled or out of order",
        f"accepted: median {1000 * statistics.median(figures.accepted):.0f} ms, "
        f"95th percentile {1000 * percentile(figures.accepted, 95):.0f} ms",
        f"answered: median {1000 * statistics.median(figures.answered):.0f} ms, "
        f"95th percentile {1000 * percentile(figures.answered, 95):.0f} ms",
        f"drained {figures.drained:.1f} s after the last message; {figures.unanswered} left",
        f"the generator itself used {figures.generator_seconds:.0f} s of processor time "
        f"({figures.generator_seconds / figures.elapsed:.0%} of one core)",
    ]
    if memory_mb is not None:
        lines.append(f"gateway memory: {memory_mb:.0f} MB")
    return "\n".join(lines)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Run it from the command line; 1 when something was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(description="Put a demo on this machine under load.")
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=5.0)
    options = parser.parse_args()
    figures = asyncio.run(crowd(options.address, options.conversations, options.minutes))
    print(report(figures))
    for line in sorted({*figures.wrong, *figures.refused})[:20]:
        print("-", line)
    return 1 if figures.wrong or figures.unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
