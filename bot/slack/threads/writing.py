"""The news of one handover, as calls in the outbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.conversations import log
from actions.conversations.models import Message
from actions.handover.models import Handover
from actions.slack import outbox
from actions.slack.models import SlackReply, SlackThread
from bot.slack import blocks
from bot.slack.interfaces import Block
from bot.slack.threads import places, rendering
from bot.slack.wording import marked, plain

ANEW = "anew"
"""In the place of how a handover stands: its first messages must be written again."""


def state_of(handover: Handover) -> str:
    """How a handover stands, as one text that differs whenever its first message should."""
    return f"{handover.state}|{handover.taken_by or ''}|{handover.outcome or ''}"


class Writer:
    """Writes the news of one handover into the outbox."""

    def __init__(
        self, session: Session, handover: Handover, thread: SlackThread, row: dict[str, Any], last_seq: int
    ) -> None:
        self._session = session
        self._handover = handover
        self._thread = thread
        self._row = row
        self._last_seq = last_seq

    def write(self) -> None:
        """The first message, then what was said, then how it stands."""
        messages: list[dict[str, Any]] = self._row["messages"]
        if self._thread.shown_state == ANEW:
            self._rewrite_before([one for one in messages if one["seq"] <= self._handover.from_seq])
            messages = [one for one in messages if one["seq"] > self._thread.shown_seq]
        if not self._thread.shown_state:
            self._begin([one for one in messages if one["seq"] <= self._handover.from_seq])
            messages = [one for one in messages if one["seq"] > self._handover.from_seq]
        from_here = self._replied()
        for message in messages:
            self._say(message, from_here)
            self._thread.shown_seq = message["seq"]
        if self._thread.shown_seq >= self._last_seq:
            self._stand()

    def _begin(self, earlier: list[dict[str, Any]]) -> None:
        self._enqueue(
            places.FIRST,
            plain(f"thread.fallback.{rendering.where(self._row)}"),
            self._root(),
            in_thread=False,
        )
        said = rendering.before(earlier)
        if said:
            self._enqueue("before", marked("thread.before"), said)
        self._thread.shown_seq = self._handover.from_seq
        self._thread.shown_state = state_of(self._handover)

    def _rewrite_before(self, earlier: list[dict[str, Any]]) -> None:
        posted = outbox.by_key(self._session, f"{self._thread.name}:before")
        if posted is None:
            return
        said = rendering.before(earlier) or rendering.small(marked("thread.withdrawn"))
        self._change("before", f"before:{self._taken_back()}", marked("thread.before"), said)

    def _taken_back(self) -> int:
        """How much of the talk is erased: what is written again because of it is named for it."""
        query = select(func.count()).select_from(Message)
        return (
            self._session.scalar(query.filter_by(conversation_id=self._thread.conversation_id, erased=True))
            or 0
        )

    def _say(self, message: dict[str, Any], from_here: set[int]) -> None:
        seq: int = message["seq"]
        ended = self._handover.ended_at
        if seq in from_here or (ended is not None and message["at"] > log.rfc3339(ended)):
            return
        if message["from"] == "system" and "agent" in message and "replaces" not in message:
            note = marked("thread.taken", agent=places.called(self._session, message["agent"]))
            self._enqueue(f"seq:{seq}", note, rendering.small(note))
            return
        line = rendering.spoken(message)
        if line is not None:
            self._enqueue(f"seq:{seq}", line, rendering.message(message))

    def _stand(self) -> None:
        stands = state_of(self._handover)
        if stands == self._thread.shown_state:
            return
        over = self._handover.state == "over"
        taken_at = self._handover.taken_at
        when = int(taken_at.timestamp() * 1000) if taken_at else 0
        name = f"{self._handover.state}:{when}"
        if self._thread.shown_state == ANEW:
            name = f"{name}:{self._taken_back()}"
        self._change(places.FIRST, name, plain(f"thread.fallback.{rendering.where(self._row)}"), self._root())
        if over and self._thread.over_at is None:
            how = marked(
                f"thread.over.{self._handover.outcome}",
                agent=places.called(self._session, self._handover.taken_by or ""),
            )
            self._enqueue("over", how, rendering.small(how))
            self._thread.over_at = now(self._session)
        self._thread.shown_state = stands

    def _root(self) -> list[Block]:
        return rendering.root(self._row, lambda name: places.called(self._session, name))

    def _replied(self) -> set[int]:
        """What stands in the thread already, since it was written there."""
        rows = select(SlackReply.seq).where(
            SlackReply.handover_id == self._thread.handover_id, SlackReply.seq.is_not(None)
        )
        return {seq for seq in self._session.scalars(rows) if seq is not None}

    def _change(self, posted: str, name: str, text: str, shown: list[Block]) -> None:
        """Write a message of ours again."""
        key = f"{self._thread.name}:{posted}"
        outbox.enqueue(
            self._session,
            "chat.update",
            {"channel": outbox.channel_of(key), "ts": outbox.ts_of(key), "text": text, "blocks": shown},
            order_key=self._thread.name,
            idempotency_key=f"{self._thread.name}:{name}",
            conversation_id=self._thread.conversation_id,
        )

    def _enqueue(self, name: str, text: str, shown: list[Block], *, in_thread: bool = True) -> None:
        arguments: dict[str, Any] = {
            "channel": self._thread.channel,
            "text": blocks.cut_marked(blocks.escape(text), blocks.MESSAGE_TEXT),
            "blocks": shown,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if in_thread:
            arguments["thread_ts"] = outbox.ts_of(places.root_key(self._thread))
        outbox.enqueue(
            self._session,
            "chat.postMessage",
            arguments,
            order_key=self._thread.name,
            idempotency_key=f"{self._thread.name}:{name}",
            conversation_id=self._thread.conversation_id,
        )
