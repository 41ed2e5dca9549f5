"""The message log: appending under the conversation's row lock, and reading it as the contract shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.conversations.interfaces import Body, Sender
from actions.conversations.models import Conversation, Message


def lock(session: Session, conversation_id: str) -> Conversation | None:
    """The conversation, locked until the transaction ends, so that nobody else appends meanwhile."""
    return session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def append(
    session: Session, conversation: Conversation, sender: Sender, body: Body, reply_to: int | None = None
) -> Message:
    """Write one message at the end of the log.

    Args:
        session: a writing session that holds the conversation's lock (`lock`).
        conversation: the locked conversation.
        sender: who speaks.
        body: what is said.
        reply_to: the seq of the message this one answers.
    """
    conversation.last_seq += 1
    at = now(session)
    conversation.active_at = at
    message = Message(
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        at=at,
        sender=sender,
        reply_to=reply_to,
        body=dict(body),
        erased=False,
    )
    session.add(message)
    return message


def after(session: Session, conversation_id: str, seq: int, limit: int = 500) -> list[Message]:
    """The messages that follow `seq`, oldest first."""
    rows = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > seq)
        .order_by(Message.seq)
        .limit(limit)
    )
    return list(rows)


def render(message: Message) -> dict[str, Any]:
    """A message as the contract's `Message`."""
    shown: dict[str, Any] = {"seq": message.seq, "at": rfc3339(message.at), "from": message.sender}
    if message.reply_to is not None:
        shown["reply_to"] = message.reply_to
    if message.erased:
        return shown | {"text": None, "erased": True}
    body = dict(message.body)
    return shown | {"text": body.pop("text", None)} | body


def rfc3339(at: datetime) -> str:
    """An instant as RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
