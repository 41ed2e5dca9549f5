"""Turns: claimed by one gateway at a time, answered once, replayed until they are.

Everybody locks the conversation before its turns, so that two of them never wait for each other.
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from actions.clock import now
from actions.clock.services import machine_now
from actions.conversations import intake, log
from actions.conversations.models import Conversation, Turn

LEASE = timedelta(seconds=10)
LONGEST_LEASE = timedelta(seconds=60)
"""One that ends later was not given by this clock: it has been put back since."""


@dataclass(frozen=True)
class Job:
    """A claimed turn, with the engine session that shall take it.

    Attributes:
        text: for the engine; nothing personal.
        offered: ids of the choices that counted when the message came.
        attempts: how many have failed so far.
        engine_session: the conversation's, made now when it had none to go on with.
        fresh: whether the engine does not know that session yet.
        abandoned: the session it replaces, which nobody will use any more.
    """

    turn_id: str
    conversation_id: str
    text: str
    offered: tuple[str, ...]
    attempts: int
    engine_session: str
    fresh: bool
    abandoned: str | None = None


def is_waiting(session: Session) -> bool:
    """Whether `claim` would find anything; asked with a reading session, which costs next to nothing."""
    return session.execute(_claimable(1)).first() is not None


def claim(session: Session, owner: str, trusted: Container[str], limit: int = 20) -> list[Job]:
    """Lease open turns: of each conversation only the oldest, and none that another gateway works on.

    An engine session goes on only under whoever saw its last turn end well. After a kill at the wrong moment
    the engine may have forgotten a turn that has its receipt, or remember one that has none.

    Args:
        session: a writing session.
        owner: who claims.
        trusted: the engine sessions the claimer knows to be in step with us; any other is replaced.
        limit: how many at the most.
    """
    candidates = {row.conversation_id: row.id for row in session.execute(_claimable(limit))}
    conversations = session.scalars(
        select(Conversation)
        .where(Conversation.id.in_(candidates))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    jobs = []
    for conversation in conversations:
        turn = session.get(Turn, candidates[conversation.id], populate_existing=True)
        if turn is not None and _is_free(turn):
            if not turn.names_hidden:
                intake.hide_names(session, turn)
            jobs.append(_lease(conversation, turn, owner, trusted))
    return jobs


def claim_new(conversation: Conversation, turn: Turn, owner: str, trusted: Container[str]) -> Job | None:
    """Lease a turn in the transaction that makes it, which saves the claim one of its own.

    Args:
        conversation: the locked conversation.
        turn: made in this transaction.
        owner: who claims.
        trusted: as for `claim`.

    Returns:
        The job; None for a turn that waits for another, or for the recogniser of names: `claim` finds it.
    """
    if conversation.open_turns > 1 or not turn.names_hidden:
        return None
    return _lease(conversation, turn, owner, trusted)


def renew(session: Session, owner: str, turn_ids: Sequence[str]) -> None:
    """Keep the lease of turns that are still being worked on."""
    session.execute(
        update(Turn)
        .where(Turn.id.in_(turn_ids), Turn.lease_owner == owner, Turn.answered_at.is_(None))
        .values(lease_until=machine_now() + LEASE)
    )


def release(session: Session, owner: str, turn_id: str, *, retry_in: timedelta, failed: bool) -> None:
    """Give a turn back after an attempt that left no receipt.

    Args:
        session: a writing session.
        owner: who held the lease.
        turn_id: the turn.
        retry_in: how long nobody should try it.
        failed: whether the attempt counts; an engine that could not be reached does not.
    """
    session.execute(
        update(Turn)
        .where(Turn.id == turn_id, Turn.lease_owner == owner, Turn.answered_at.is_(None))
        .values(
            lease_owner=None,
            lease_until=machine_now() + retry_in,
            attempts=Turn.attempts + (1 if failed else 0),
        )
    )


def release_all(session: Session, owner: str) -> None:
    """Let go of everything an owner held that is certainly dead: whoever takes its place calls this first."""
    session.execute(
        update(Turn)
        .where(Turn.lease_owner == owner, Turn.answered_at.is_(None))
        .values(lease_owner=None, lease_until=None)
    )


def is_answered(session: Session, turn_id: str) -> bool:
    """Whether the turn has its receipt."""
    return session.scalar(select(Turn.answered_at).where(Turn.id == turn_id)) is not None


def begin(session: Session, turn_id: str) -> tuple[Conversation, Turn] | None:
    """Lock the conversation of a turn, for the action that answers it.

    Returns:
        The locked conversation and the turn, or None when there is no such turn.
    """
    conversation_id = session.scalar(select(Turn.conversation_id).where(Turn.id == turn_id))
    if conversation_id is None:
        return None
    conversation = log.lock(session, conversation_id)
    turn = session.get(Turn, turn_id, populate_existing=True)
    return None if conversation is None or turn is None else (conversation, turn)


def answer(session: Session, conversation: Conversation, turn: Turn, events: list[dict[str, Any]]) -> None:
    """Write the turn's receipt, in the transaction that holds its messages.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        turn: its turn, not answered yet.
        events: what the engine is told; told again if it asks again.
    """
    turn.answered_at = now(session)
    turn.receipt = {"events": events}
    turn.lease_owner = None
    conversation.open_turns = max(0, conversation.open_turns - 1)


def _claimable(limit: int) -> Select[str, str]:
    at = machine_now()
    oldest = (
        select(Turn.conversation_id, func.min(Turn.seq).label("seq"))
        .where(Turn.answered_at.is_(None))
        .group_by(Turn.conversation_id)
        .subquery()
    )
    return (
        select(Turn.id, Turn.conversation_id)
        .join(oldest, (oldest.c.conversation_id == Turn.conversation_id) & (oldest.c.seq == Turn.seq))
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(or_(Turn.lease_until.is_(None), Turn.lease_until <= at, Turn.lease_until > at + LONGEST_LEASE))
        .order_by(Conversation.active_at)
        .limit(limit)
    )


def _is_free(turn: Turn) -> bool:
    at = machine_now()
    leased = turn.lease_until is not None and at < turn.lease_until <= at + LONGEST_LEASE
    return turn.answered_at is None and not leased


def _lease(conversation: Conversation, turn: Turn, owner: str, trusted: Container[str]) -> Job:
    last = conversation.engine_session
    engine_session = last if last is not None and last in trusted else secrets.token_hex(16)
    conversation.engine_session = engine_session
    turn.lease_owner = owner
    turn.lease_until = machine_now() + LEASE
    return Job(
        turn_id=turn.id,
        conversation_id=conversation.id,
        text=turn.engine_text,
        offered=tuple(turn.offered or ()),
        attempts=turn.attempts,
        engine_session=engine_session,
        fresh=engine_session != last,
        abandoned=last if engine_session != last else None,
    )
