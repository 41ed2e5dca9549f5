"""Putting into Slack what happens to handovers: who waits, what they write, who took it, how it ended.

It looks at our own database every so often and writes what is new into the outbox, together with how far it
has got, in one transaction: killed at any point, it goes on from there.
"""

from __future__ import annotations

import secrets
import threading

import structlog
from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from actions.clock import now
from actions.clock.services import machine_now
from actions.conversations import intake, log
from actions.conversations.models import Conversation, Turn
from actions.database import Database
from actions.handover.interfaces import AgentIdentity
from actions.handover.models import Handover
from actions.handover.services import OPEN
from actions.logs import where
from actions.slack import outbox
from actions.slack.models import SlackCall, SlackThread
from bot.desk.services import shown
from bot.slack.interfaces import SlackServices
from bot.slack.threads import places, rendering, veiling
from bot.slack.threads.writing import ANEW, Writer
from bot.slack.wording import marked

POLL_SECONDS = 0.5
TROUBLE_SECONDS = 5.0
AT_A_TIME = 100
SAID_BEFORE = 30
INSTEAD = ":instead"
NOBODY = AgentIdentity("slack", "observer")
"""Who reads for a thread that everybody in the channel sees: whoever may see least."""
logger = structlog.get_logger("slack")


def loop(services: SlackServices, stop: threading.Event) -> None:
    """See `bot.slack.interfaces.Loop`."""
    while not stop.is_set():
        try:
            tick(services.database, services.settings.slack_support_channel)
            wait = POLL_SECONDS
        except Exception as error:
            # Whatever it is, visitors go on writing: it is tried again.
            logger.error("threads_not_written", error=type(error).__name__, at=where(error))
            wait = TROUBLE_SECONDS
        stop.wait(wait)


def tick(database: Database, channel: str) -> int:
    """Write everything new into the outbox.

    Args:
        database: ours.
        channel: where a new handover's thread begins.

    Returns:
        How many handovers had news.
    """
    with database.read() as session:
        wanted = list(session.scalars(_with_news().limit(AT_A_TIME)))
        refused = list(session.scalars(_refused().limit(AT_A_TIME)))
    for call_id in refused:
        _say_so(database, call_id)
    return sum(_guarded(database, channel, handover_id) for handover_id in wanted)


def begin_anew(session: Session, conversation_id: str) -> None:
    """Have the first messages of a conversation's threads written again: something in them was taken back.

    Args:
        session: the writing session in which it was.
        conversation_id: whose.
    """
    threads = select(SlackThread).where(
        SlackThread.conversation_id == conversation_id, SlackThread.shown_state != ""
    )
    for thread in session.scalars(threads):
        thread.shown_state = ANEW


def _with_news() -> Select[int]:
    known = (SlackThread.handover_id == Handover.id) & (
        SlackThread.conversation_id == Handover.conversation_id
    )
    stands = (
        Handover.state
        + "|"
        + func.coalesce(Handover.taken_by, "")
        + "|"
        + func.coalesce(Handover.outcome, "")
    )
    news = or_(Conversation.last_seq > SlackThread.shown_seq, SlackThread.shown_state != stands)
    going_on = SlackThread.over_at.is_(None) & news
    return (
        select(Handover.id)
        .join(Conversation, Conversation.id == Handover.conversation_id)
        .outerjoin(SlackThread, known)
        .where(
            or_(
                SlackThread.handover_id.is_(None) & Handover.state.in_(OPEN),
                SlackThread.handover_id.is_not(None) & or_(going_on, SlackThread.shown_state == ANEW),
            )
        )
        .order_by(Handover.id)
    )


def _refused() -> Select[int]:
    """What a visitor wrote and Slack would not take, and the thread has not been told so."""
    told = aliased(SlackCall)
    return select(SlackCall.id).where(
        SlackCall.state == "failed",
        SlackCall.key.like("handover:%:seq:%"),
        SlackCall.key.not_like(f"%{INSTEAD}"),
        SlackCall.redacted_at.is_(None),
        ~exists().where(told.key == SlackCall.key + INSTEAD),
    )


def _say_so(database: Database, call_id: int) -> None:
    """A colleague must know that something of the visitor's is missing, and where it can be read."""
    with database.write() as session:
        call = session.get_one(SlackCall, call_id)
        text = marked("thread.not_shown")
        outbox.enqueue(
            session,
            "chat.postMessage",
            {
                "channel": outbox.channel_of(f"{call.order_key}:{places.FIRST}"),
                "thread_ts": outbox.ts_of(f"{call.order_key}:{places.FIRST}"),
                "text": text,
                "blocks": rendering.small(text),
            },
            order_key=call.order_key,
            idempotency_key=f"{call.key}{INSTEAD}",
            conversation_id=call.conversation_id,
        )


def _guarded(database: Database, channel: str, handover_id: int) -> int:
    """What goes wrong with one talk must not keep the others from their threads."""
    try:
        return _mirror(database, channel, handover_id)
    except SQLAlchemyError:
        raise
    except Exception as error:
        logger.error("thread_not_written", handover=handover_id, error=type(error).__name__, at=where(error))
        return 0


def _mirror(database: Database, channel: str, handover_id: int) -> int:
    _hide_names(database, handover_id)
    values = veiling.held_values(database, handover_id)
    with database.write() as session:
        handover = session.get(Handover, handover_id)
        conversation = log.lock(session, handover.conversation_id) if handover is not None else None
        if handover is None or conversation is None:
            return 0
        session.refresh(handover)
        thread = _thread(session, handover, channel)
        if thread is None:
            return 0
        begun = thread.shown_state not in ("", ANEW)
        since = thread.shown_seq if begun else max(0, handover.from_seq - SAID_BEFORE)
        bare = _bare(session, conversation.id)
        row = veiling.veil(shown(session, NOBODY, handover_id, since), values, bare, handover.from_seq)
        row["channel"] = conversation.channel
        Writer(session, handover, thread, row, conversation.last_seq).write()
        return 1


def _hide_names(database: Database, handover_id: int) -> None:
    """Hide the names in what was taken in before the recogniser of names was there."""
    with database.read() as session:
        bare = (
            select(Turn.id)
            .join(Handover, Handover.conversation_id == Turn.conversation_id)
            .where(Handover.id == handover_id, Turn.names_hidden.is_(False), Turn.answered_at.is_not(None))
        )
        turns = list(session.scalars(bare))
    if not turns:
        return
    intake.pseudonymiser()
    with database.write() as session:
        for turn in session.scalars(select(Turn).where(Turn.id.in_(turns))):
            log.lock(session, turn.conversation_id)
            intake.hide_names(session, turn)


def _bare(session: Session, conversation_id: str) -> set[int]:
    """The seqs of what was taken in while there was no recogniser of names, and there is none yet."""
    bare = select(Turn.seq).where(Turn.conversation_id == conversation_id, Turn.names_hidden.is_(False))
    return set(session.scalars(bare))


def _thread(session: Session, handover: Handover, channel: str) -> SlackThread | None:
    """The thread of a handover, begun now where there is none; none for a talk that was over before."""
    known = session.get(SlackThread, handover.id, populate_existing=True)
    if known is not None and known.conversation_id == handover.conversation_id:
        return known
    if handover.state not in OPEN:
        return None
    if known is not None:
        # Another handover had this number, and is gone.
        session.delete(known)
        session.flush()
    thread = SlackThread(
        handover_id=handover.id,
        conversation_id=handover.conversation_id,
        name=f"handover:{handover.id}:{secrets.token_hex(4)}",
        channel=channel,
        opened_at=now(session),
        shown_seq=0,
        shown_state="",
        # Nothing can have been written in it yet.
        caught_up_at=machine_now(),
    )
    session.add(thread)
    session.flush()
    return thread
