"""Fetching what was written in threads while we were away, or whose event was lost: in order, and each once.

Events may overtake each other or get lost. So a message that we hear of makes us fetch all that is newer than
what we know, and it is taken in in Slack's order. Every thread is fetched whole once we are newly connected
and then every minute, for what was changed or deleted.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import Update, func, or_, select, update
from sqlalchemy.orm import Session

from actions.clock import now
from actions.clock.services import machine_now
from actions.logs import where
from actions.slack.models import SlackReply, SlackThread
from bot.slack.interfaces import SlackServices
from bot.slack.threads import places, replies

LOOK_SECONDS = 5.0
FRESH_FOR = timedelta(seconds=60)
AFTER_THE_END = timedelta(hours=24)
"""How long what is changed or deleted in a thread is still followed once the talk is over."""
AT_A_TIME = 4
"""Threads in one look: `conversations.replies` allows some 50 calls a minute."""
PAGE = 200
NOT_THERE = frozenset({"thread_not_found", "message_not_found", "channel_not_found", "not_in_channel"})
_LOCKS: dict[int, threading.Lock] = {}
_LOCKS_LOCK = threading.Lock()
log = structlog.get_logger("slack")


class _Connection:
    """When this process began to hear of everything."""

    since: datetime = machine_now()


def connected() -> None:
    """A connection to Slack is new: what was written before may have been missed."""
    _Connection.since = machine_now()


def is_fresh(thread: SlackThread) -> bool:
    """Whether everything written in a thread until a moment ago is known."""
    at = thread.caught_up_at
    return at is not None and at >= _Connection.since and machine_now() - at < FRESH_FOR


def loop(services: SlackServices, stop: threading.Event) -> None:
    """See `bot.slack.interfaces.Loop`."""
    while not stop.is_set():
        try:
            catch_up_all(services)
        except (SlackClientError, OSError) as error:
            log.warning("threads_not_fetched", error=type(error).__name__)
        except Exception as error:
            log.error("threads_not_fetched", error=type(error).__name__, at=where(error))
        stop.wait(LOOK_SECONDS)


def catch_up_all(services: SlackServices) -> int:
    """Fetch threads that are not fresh, those not looked at for longest first; returns how many."""
    with services.database.read() as session:
        stale = or_(
            SlackThread.caught_up_at.is_(None),
            SlackThread.caught_up_at < _Connection.since,
            SlackThread.caught_up_at < machine_now() - FRESH_FOR,
        )
        at = now(session)
        forgotten = at - timedelta(days=services.settings.conversation_idle_days)
        lately = or_(
            SlackThread.over_at.is_(None) & (SlackThread.opened_at > forgotten),
            SlackThread.over_at > at - AFTER_THE_END,
        )
        query = select(SlackThread.handover_id).where(stale, lately).order_by(SlackThread.caught_up_at)
        due = list(session.scalars(query.limit(AT_A_TIME)))
    for handover_id in due:
        try:
            catch_up(services, handover_id)
        except SlackApiError as error:
            if str(error.response.get("error", "")) not in NOT_THERE:
                raise
            # Somebody deleted the thread's first message, or took us out of the channel.
            with services.database.write() as session:
                session.execute(_looked_at(handover_id, machine_now()))
    return len(due)


def catch_up(services: SlackServices, handover_id: int) -> None:
    """Fetch one thread and take in what is new, changed or gone.

    Raises:
        SlackClientError, OSError: Slack cannot be asked; nothing was noted, so it is asked again.
    """
    started = machine_now()
    with services.database.read() as session:
        thread = session.get(SlackThread, handover_id)
        ts = places.root_ts(session, thread) if thread is not None else None
        known = _followed(session, handover_id)
    if thread is None:
        return
    with _one_at_a_time(handover_id):
        found = fetched(services, thread.channel, ts) if ts is not None else []
        for message in found:
            take_in(services, handover_id, message)
    present = {message["ts"] for message in found}
    with services.database.write() as session:
        here = session.get(SlackThread, handover_id)
        if here is None:
            return
        if ts is not None:
            for reply in session.scalars(select(SlackReply).where(SlackReply.id.in_(known))):
                if reply.ts not in present:
                    replies.remove(session, services, here, reply)
        here.caught_up_at = started


def take_in_newer(services: SlackServices, handover_id: int) -> None:
    """Fetch what was written in a thread since the newest message that we know, and take it in in order.

    Raises:
        SlackClientError, OSError: Slack cannot be asked.
    """
    with _one_at_a_time(handover_id):
        with services.database.read() as session:
            thread = session.get(SlackThread, handover_id)
            ts = places.root_ts(session, thread) if thread is not None else None
            newest = session.scalar(
                select(func.max(SlackReply.ts)).where(SlackReply.handover_id == handover_id)
            )
        if thread is None or ts is None:
            return
        for message in fetched(services, thread.channel, ts, since=newest):
            take_in(services, handover_id, message)


def take_in(services: SlackServices, handover_id: int, message: dict[str, Any]) -> None:
    """Take in one message that was fetched, in a transaction of its own."""
    if not replies.is_written_by_a_person(message):
        return
    warm(services, message["user"])
    with services.database.write() as session:
        thread = session.get(SlackThread, handover_id)
        if thread is not None:
            replies.take_in(session, services, thread, message)


def warm(services: SlackServices, user_id: str) -> None:
    """Ask Slack who somebody is before a transaction has to wait for the answer."""
    services.people.profile(user_id)
    with services.database.read() as session:
        services.roles.role_of(session, user_id)


def _followed(session: Session, handover_id: int) -> list[int]:
    """What was known before the thread is fetched: what comes in meanwhile need not be in it."""
    rows = select(SlackReply.id).where(
        SlackReply.handover_id == handover_id, SlackReply.state.in_(("said", "held", "note", "refused"))
    )
    return list(session.scalars(rows))


@contextmanager
def _one_at_a_time(handover_id: int) -> Iterator[None]:
    """Two who take in a thread at the same moment would put its messages in each other's way."""
    with _LOCKS_LOCK:
        lock = _LOCKS.setdefault(handover_id, threading.Lock())
    with lock:
        yield


def _looked_at(handover_id: int, at: datetime) -> Update:
    return update(SlackThread).where(SlackThread.handover_id == handover_id).values(caught_up_at=at)


def fetched(
    services: SlackServices, channel: str, ts: str, *, since: str | None = None
) -> list[dict[str, Any]]:
    """Everything that stands in a thread now, its first message left out, oldest first.

    Args:
        services: the app's.
        channel: where.
        ts: of the thread's first message.
        since: only what is newer than this message.

    Raises:
        SlackClientError, OSError: Slack cannot be asked.
    """
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = services.client.conversations_replies(
            channel=channel, ts=ts, limit=PAGE, cursor=cursor, oldest=since
        )
        found += [message for message in answer.get("messages") or [] if message.get("ts") != ts]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return sorted(found, key=lambda message: str(message["ts"]))
