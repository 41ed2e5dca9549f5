"""Bringing what is said in a conversation to Slack: what is new in the log is put into the queue, once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.conversations import intake, log
from actions.conversations.models import Conversation
from actions.database import Database
from actions.slack import outbox
from actions.slack.models import SlackConversation
from bot.slack.assistant import seats
from bot.slack.assistant.posts import Post, posts_of
from bot.slack.blocks import Marked, mention
from bot.slack.interfaces import SlackServices
from bot.slack.wording import marked

LOOK_SECONDS = 0.2
TROUBLE_SECONDS = 2.0
logger = structlog.get_logger("slack")


def follow(services: SlackServices, stop: threading.Event) -> None:
    """Put what is new into the queue, until told to stop."""
    # Loaded before somebody waits for it: Slack wants an answer within three seconds.
    intake.pseudonymiser()
    while not stop.is_set():
        try:
            deliver(services.database)
            stop.wait(LOOK_SECONDS)
        except SQLAlchemyError as error:
            logger.error("database_trouble", error=type(error).__name__)
            stop.wait(TROUBLE_SECONDS)


def deliver(database: Database) -> int:
    """Put what is new in any conversation of Slack into the queue; returns how many posts that were."""
    with database.read() as session:
        waiting = session.scalars(
            select(SlackConversation.conversation_id)
            .join(Conversation, Conversation.id == SlackConversation.conversation_id)
            .where(Conversation.last_seq > SlackConversation.delivered_seq)
        ).all()
    count = 0
    for conversation_id in waiting:
        with database.write() as session:
            count += _deliver(session, conversation_id)
    return count


def close_posts(
    session: Session, seat: SlackConversation, *, seq: int = 0, chosen: str | None = None
) -> None:
    """Take the buttons off what the contact has answered, so that nobody presses them in vain.

    Args:
        session: a writing session.
        seat: where.
        seq: of the message whose button was pressed.
        chosen: what stood on that button.
    """
    for shown, key in seat.open_posts.items():
        message = _message(session, seat.conversation_id, int(shown))
        if message is None:
            continue
        label = chosen if int(shown) == seq else None
        last = posts_of(message, seat.conversation_id, still_open=False, chosen=label)[-1]
        arguments = {
            "channel": outbox.channel_of(key),
            "ts": outbox.ts_of(key),
            "text": last.text,
            "blocks": last.blocks,
        }
        _enqueue(session, seat, "chat.update", arguments, f"{key}:closed")
    seat.open_posts = {}


def _deliver(session: Session, conversation_id: str) -> int:
    conversation = log.lock(session, conversation_id)
    seat = seats.of(session, conversation_id)
    if conversation is None or seat is None:
        return 0
    count = 0
    for message in log.after(session, conversation_id, seat.delivered_seq):
        seat.delivered_seq = message.seq
        if message.sender != "contact" and not message.erased:
            shown = log.render(message)
            _take_away(session, seat, shown.get("replaces"))
            count += _post(session, seat, shown)
    return count


def _take_away(session: Session, seat: SlackConversation, seq: int | None) -> None:
    """Delete what an agent took back, or says otherwise now."""
    number = 1
    while seq is not None and outbox.by_key(session, key := _key(seat, seq, number)) is not None:
        place = {"channel": outbox.channel_of(key), "ts": outbox.ts_of(key)}
        _enqueue(session, seat, "chat.delete", place, f"{key}:gone")
        number += 1


def _key(seat: SlackConversation, seq: int, number: int) -> str:
    return f"assistant:{seat.conversation_id}:{seq}:{number}"


def _post(session: Session, seat: SlackConversation, message: dict[str, Any]) -> int:
    offers = "choices" in message or "ask" in message
    still_open = offers and not seats.answered_since(session, seat.conversation_id, message["seq"])
    posts = posts_of(message, seat.conversation_id, still_open=still_open)
    place = _place(session, seat, message)
    for number, post in enumerate(posts, 1):
        key = _key(seat, message["seq"], number)
        _enqueue(session, seat, "chat.postMessage", {**place, **_content(post)}, key)
        if still_open and number == len(posts):
            seat.open_posts = {**seat.open_posts, str(message["seq"]): key}
    return len(posts)


def _place(session: Session, seat: SlackConversation, message: Mapping[str, Any]) -> dict[str, Any]:
    """Where a message is posted: in a channel only what is not personal."""
    if not seat.thread_ts:
        return {"channel": seat.channel}
    personal = "card" in message or "case" in message or message["from"] != "assistant"
    if not seats.is_personal(session, seat) and not personal:
        return {"channel": seat.channel, "thread_ts": seat.thread_ts}
    if not seat.private:
        seat.private = True
    root = f"{seats.PRIVATE}{seat.conversation_id}"
    if outbox.by_key(session, root) is None:
        _go_private(session, seat, root)
    return {"channel": outbox.channel_of(root), "thread_ts": outbox.ts_of(root)}


def _go_private(session: Session, seat: SlackConversation, root: str) -> None:
    text = marked("assistant.began", channel=Marked(f"<#{seat.channel}>"))
    _enqueue(session, seat, "chat.postMessage", {"channel": seat.user_id, "text": text}, root)
    notice = marked("assistant.goes_on", user=mention(seat.user_id))
    arguments = {"channel": seat.channel, "thread_ts": seat.thread_ts, "text": notice}
    _enqueue(session, seat, "chat.postMessage", arguments, f"assistant-notice:{seat.conversation_id}")


def _content(post: Post) -> dict[str, Any]:
    return {"text": post.text, "blocks": post.blocks, "unfurl_links": False, "unfurl_media": False}


def _enqueue(
    session: Session, seat: SlackConversation, method: str, arguments: Mapping[str, Any], key: str
) -> None:
    outbox.enqueue(
        session,
        method,
        arguments,
        order_key=f"assistant:{seat.conversation_id}",
        idempotency_key=key,
        conversation_id=seat.conversation_id,
    )


def _message(session: Session, conversation_id: str, seq: int) -> dict[str, Any] | None:
    found = log.after(session, conversation_id, seq - 1, limit=1)
    return None if not found or found[0].seq != seq or found[0].erased else log.render(found[0])
