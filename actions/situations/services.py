"""Remembering what turned up in a conversation, and what follows for its cases."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.models import Case
from actions.clock import now
from actions.conversations import log
from actions.conversations.models import Conversation
from actions.situations.handling import HANDLING
from actions.situations.models import ConversationSituation

ENDED = "ended"
"""Kept like a situation: a person has ended the conversation."""


def note(session: Session, conversation: Conversation, name: str) -> int:
    """Note that a situation turned up; returns how many times it has by now.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        name: one of `HANDLING`, or `ENDED`.
    """
    at = now(session)
    row = session.get(ConversationSituation, (conversation.id, name))
    if row is None:
        row = ConversationSituation(
            conversation_id=conversation.id, name=name, first_at=at, last_at=at, times=0
        )
        session.add(row)
    row.times += 1
    row.last_at = at
    row.settled_at = row.settled_by = None
    session.flush()
    return row.times


def of_conversation(session: Session, conversation_id: str) -> list[str]:
    """The situations of a conversation that no person has settled, the gravest first."""
    found = set(
        session.scalars(
            select(ConversationSituation.name).where(
                ConversationSituation.conversation_id == conversation_id,
                ConversationSituation.settled_at.is_(None),
            )
        )
    )
    return [name for name in (ENDED, *HANDLING) if name in found]


def settle(session: Session, conversation_id: str, name: str, *, by: str) -> bool:
    """Decide that a situation counts no longer; says whether it did until now.

    Args:
        session: a writing session.
        conversation_id: the conversation.
        name: which situation.
        by: the agent's name.
    """
    row = session.get(ConversationSituation, (conversation_id, name))
    if row is None or row.settled_at is not None:
        return False
    row.settled_at, row.settled_by = now(session), by
    tag = HANDLING[name].tag if name in HANDLING else None
    for case in cases.open_of_conversation(session, conversation_id) if tag else ():
        cases.remove_tag(session, case, tag or "", by=by)
    record(session, actor=by, action="situation_settled", subject=name, details={})
    return True


def listed(session: Session, limit: int = 200) -> list[ConversationSituation]:
    """What turned up and is not settled, the newest first."""
    return list(
        session.scalars(
            select(ConversationSituation)
            .where(ConversationSituation.settled_at.is_(None))
            .order_by(ConversationSituation.last_at.desc())
            .limit(limit)
        )
    )


def references_of(session: Session, conversation_id: str) -> list[str]:
    """The references of a conversation's cases, oldest first."""
    return list(
        session.scalars(
            select(Case.reference).where(Case.conversation_id == conversation_id).order_by(Case.id)
        )
    )


def end(session: Session, conversation_id: str, *, by: str) -> bool:
    """End a conversation; whatever the contact writes from now on is answered with where else to turn.

    Args:
        session: a writing session.
        conversation_id: the conversation.
        by: the agent's name.

    Returns:
        Whether there is such a conversation.
    """
    conversation = log.lock(session, conversation_id)
    if conversation is None:
        return False
    note(session, conversation, ENDED)
    record(session, actor=by, action="conversation_ended", subject=ENDED, details={})
    return True


def mark(session: Session, conversation_id: str, case: Case) -> None:
    """Tag a case as the situations of its conversation demand."""
    for name in of_conversation(session, conversation_id):
        tag = HANDLING[name].tag if name in HANDLING else None
        if tag is not None:
            cases.add_tag(session, case, tag, by="assistant")


def by_person(session: Session, conversation_id: str) -> str | None:
    """The situation for which requests of this conversation go to a person, if there is one."""
    for name in of_conversation(session, conversation_id):
        if name in HANDLING and HANDLING[name].by_person:
            return name
    return None
