"""Turns: claimed by one gateway at a time, answered once, replayed until they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.clock.services import machine_now
from actions.conversations import log
from actions.conversations.models import Conversation, Turn

LEASE = timedelta(seconds=10)


def claim(session: Session, owner: str, limit: int = 20) -> list[Turn]:
    """Lease open turns: of each conversation only the oldest, and none that another gateway works on.

    Args:
        session: a writing session.
        owner: who claims; a fresh random id of the process.
        limit: how many at the most.
    """
    at = machine_now()
    oldest = (
        select(Turn.conversation_id, func.min(Turn.seq).label("seq"))
        .where(Turn.answered_at.is_(None))
        .group_by(Turn.conversation_id)
        .subquery()
    )
    turns = session.scalars(
        select(Turn)
        .join(oldest, (oldest.c.conversation_id == Turn.conversation_id) & (oldest.c.seq == Turn.seq))
        .where(or_(Turn.lease_until.is_(None), Turn.lease_until < at))
        .order_by(Turn.seq)
        .limit(limit)
        .with_for_update(of=Turn, skip_locked=True)
    ).all()
    for turn in turns:
        turn.lease_owner = owner
        turn.lease_until = at + LEASE
    return list(turns)


def renew(session: Session, owner: str, turn_ids: Sequence[str]) -> None:
    """Keep the lease of turns that are still being worked on."""
    for turn in session.scalars(select(Turn).where(Turn.id.in_(turn_ids), Turn.lease_owner == owner)):
        turn.lease_until = machine_now() + LEASE


def release(session: Session, owner: str, turn_id: str, *, retry_in: timedelta, failed: bool) -> None:
    """Give a turn back after an attempt that left no receipt.

    Args:
        session: a writing session.
        owner: who held the lease.
        turn_id: the turn.
        retry_in: how long nobody should try it.
        failed: whether the attempt counts; an engine that could not be reached does not.
    """
    turn = session.get(Turn, turn_id)
    if turn is None or turn.lease_owner != owner or turn.answered_at is not None:
        return
    turn.lease_owner = None
    turn.lease_until = machine_now() + retry_in
    turn.attempts += 1 if failed else 0


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
