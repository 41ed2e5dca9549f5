"""Event streams: one look at the log for all of them, and each then reads what is new to it.

A stream keeps only how far it has got, so a slow reader costs no memory: it is simply further behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from actions.conversations import log as messages
from actions.conversations.models import Conversation
from actions.logs import where
from bot.gateway.metrics import STREAMS
from bot.gateway.storage import Storage
from bot.gateway.waiting import woken

LOOK_SECONDS = 0.25
AFTER_ERROR_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
STALLED_SECONDS = 30.0
RECONNECT_MILLISECONDS = 1000
BATCH = 100
IDS_A_QUERY = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Standing:
    """How far a conversation's log is, and whether an answer is being worked on."""

    last_seq: int
    pending: bool


class Subscription:
    """One stream's interest in one conversation."""

    def __init__(self, conversation_id: str) -> None:
        self.conversation_id = conversation_id
        self.standing: Standing | None = None
        self.ended = False
        self._news = asyncio.Event()

    def tell(self, standing: Standing) -> None:
        """The conversation stands so now."""
        if standing != self.standing:
            self.standing = standing
            self._news.set()

    def end(self) -> None:
        """There will be no more."""
        self.ended = True
        self._news.set()

    async def news(self, seconds: float) -> bool:
        """Wait for something new; False when nothing came within that time."""
        fresh = await woken(self._news, seconds)
        self._news.clear()
        return fresh


class Streams:
    """Watches every conversation somebody listens to, as an asynchronous context manager."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.closing = False
        self._subscriptions: dict[str, set[Subscription]] = defaultdict(set)
        self._nudged: set[str] = set()
        self._wake = asyncio.Event()
        self._someone = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Streams:
        self._loop = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop

    def close(self) -> None:
        """End every stream; their readers come back and go on where they were."""
        self.closing = True
        self.end(list(self._subscriptions))

    def end(self, conversation_ids: Iterable[str]) -> None:
        """End the streams of these conversations."""
        for identifier in conversation_ids:
            for subscription in self._subscriptions.get(identifier, ()):
                subscription.end()

    def make_room(self, conversation_id: str, most: int) -> None:
        """End the streams of a conversation but for so many that one more fits; their readers come back."""
        held = self._subscriptions.get(conversation_id, set())
        for subscription in list(held)[: max(0, len(held) - most + 1)]:
            subscription.end()

    def nudge(self, conversation_id: str) -> None:
        """Something may be new in this conversation: look at it at once."""
        if conversation_id in self._subscriptions:
            self._nudged.add(conversation_id)
            self._wake.set()

    @contextlib.contextmanager
    def subscribed(self, conversation_id: str) -> Any:
        """A subscription for as long as the context lasts."""
        subscription = Subscription(conversation_id)
        self._subscriptions[conversation_id].add(subscription)
        self._someone.set()
        STREAMS.inc()
        self.nudge(conversation_id)
        try:
            yield subscription
        finally:
            STREAMS.dec()
            self._subscriptions[conversation_id].discard(subscription)
            if not self._subscriptions[conversation_id]:
                del self._subscriptions[conversation_id]
            if not self._subscriptions:
                self._someone.clear()

    async def _watch(self) -> None:
        next_look = 0.0
        clock = asyncio.get_running_loop().time
        while True:
            await self._someone.wait()
            await woken(self._wake, max(0.0, next_look - clock()))
            self._wake.clear()
            if clock() >= next_look:
                self._nudged.clear()
                wanted = list(self._subscriptions)
                next_look = clock() + LOOK_SECONDS
            else:
                wanted = [identifier for identifier in self._nudged if identifier in self._subscriptions]
                self._nudged.clear()
            try:
                await self._look(wanted)
            except Exception as error:
                log.error("streams_not_fed", kind=type(error).__name__, at=where(error))
                await asyncio.sleep(AFTER_ERROR_SECONDS)

    async def _look(self, wanted: list[str]) -> None:
        for start in range(0, len(wanted), IDS_A_QUERY):
            asked = wanted[start : start + IDS_A_QUERY]
            found = await self.storage.read(_standings, asked)
            for identifier in asked:
                standing = found.get(identifier)
                for subscription in self._subscriptions.get(identifier, ()):
                    if standing is None:
                        subscription.end()
                    else:
                        subscription.tell(standing)


class EventStream(Response):
    """The answer that stays open: messages and changes of `pending`, as server-sent events."""

    media_type = "text/event-stream"

    def __init__(self, streams: Streams, conversation_id: str, after: int) -> None:
        """Prepare.

        Args:
            streams: where to listen.
            conversation_id: to what; its reader is authenticated already.
            after: the last seq the reader has.
        """
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._streams = streams
        self._conversation_id = conversation_id
        self._sent = after
        self._pending: bool | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve until the reader leaves, stops reading, or the gateway stops."""
        with self._streams.subscribed(self._conversation_id) as subscription:
            if self._streams.closing:
                subscription.end()
            leaving = asyncio.create_task(_until_gone(receive, subscription))
            try:
                await send(
                    {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
                )
                await self._feed(subscription, send)
            except (TimeoutError, OSError, ClientDisconnect):
                # Nobody reads any more. Whoever comes back says how far it got.
                return
            finally:
                leaving.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await leaving

    async def _feed(self, subscription: Subscription, send: Send) -> None:
        await _write(send, f"retry: {RECONNECT_MILLISECONDS}\n\n")
        while not subscription.ended:
            if not await subscription.news(HEARTBEAT_SECONDS):
                await _write(send, ": still here\n\n")
                continue
            standing = subscription.standing
            if standing is not None:
                await self._catch_up(standing, send)
        await _write(send, ": goodbye\n\n", more=False)

    async def _catch_up(self, standing: Standing, send: Send) -> None:
        while self._sent < standing.last_seq:
            batch = await self._streams.storage.read(_rendered_after, self._conversation_id, self._sent)
            if not batch:
                break
            await _write(send, "".join(_event("message", message["seq"], message) for message in batch))
            self._sent = batch[-1]["seq"]
        if standing.pending != self._pending:
            self._pending = standing.pending
            await _write(send, _event("pending", self._sent, {"pending": standing.pending}))


def _event(name: str, seq: int, data: Any) -> str:
    return f"id: {seq}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def _write(send: Send, text: str, *, more: bool = True) -> None:
    async with asyncio.timeout(STALLED_SECONDS):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": more})


async def _until_gone(receive: Receive, subscription: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscription.end()


def _standings(session: Session, identifiers: list[str]) -> dict[str, Standing]:
    columns = select(Conversation.id, Conversation.last_seq, Conversation.open_turns)
    rows = session.execute(columns.where(Conversation.id.in_(identifiers)))
    return {identifier: Standing(last_seq, open_turns > 0) for identifier, last_seq, open_turns in rows}


def _rendered_after(session: Session, conversation_id: str, seq: int) -> list[dict[str, Any]]:
    return [messages.render(message) for message in messages.after(session, conversation_id, seq, BATCH)]
