"""A message that probably asks for a right, but not clearly which: on record from its first words.

The time to answer counts from what the contact first wrote (ICO, recognising a request), not from when we had
understood it. So a draft is put on record, which the request takes over once it is clear; where the contact
goes away instead, the draft stays until retention lets it expire.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from actions import audit
from actions.cases import deadlines
from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations.models import Conversation

UNCERTAIN = "uncertain"
"""The key in a case's details: the rights it may be about, the likeliest first."""


def record(session: Session, conversation: Conversation, rights: Sequence[str], said_at: datetime) -> None:
    """Put a message that probably asks for a right on record, with its date; the first of several counts.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        rights: what it may be about, the likeliest first; not empty.
        said_at: when the contact sent it.
    """
    under_way = cases.open_of_conversation(session, conversation.id)
    if of_conversation(session, conversation.id) is not None or {case.right for case in under_way} >= {
        *rights
    }:
        return
    case = cases.open_case(
        session,
        right=rights[0],
        conversation_id=conversation.id,
        received_at=said_at,
        channel=conversation.channel,
    )
    case.details[UNCERTAIN] = list(dict.fromkeys(rights))


def of_conversation(session: Session, conversation_id: str) -> Case | None:
    """The draft of a request that is not clear yet, if the conversation has one."""
    for case in cases.open_of_conversation(session, conversation_id):
        if case.state == "draft" and UNCERTAIN in case.details:
            return case
    return None


def take_over(session: Session, conversation: Conversation, right: str) -> Case | None:
    """The draft, for the request that turned out to be meant: it keeps its date and gets the right asked for.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        right: what was meant after all.
    """
    case = of_conversation(session, conversation.id)
    if case is None:
        return None
    details = {"from": case.right, "to": right}
    del case.details[UNCERTAIN]
    case.right = right
    case.due_on = deadlines.for_right(right, case.received_at).due
    session.flush()
    audit.record(session, actor="contact", action="case_clarified", subject=case.reference, details=details)
    return case


def drop(session: Session, conversation: Conversation, note: str) -> None:
    """Close the draft when the contact has made clear that they want no request.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        note: how they did, for the case's history.
    """
    case = of_conversation(session, conversation.id)
    if case is not None:
        cases.move(session, case, "withdrawn", by="contact", note=note)
