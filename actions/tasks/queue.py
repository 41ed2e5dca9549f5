"""The queue of a conversation's requests: started in a safe order, interrupted, resumed, ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations.models import Conversation
from actions.situations import services as situations
from actions.tasks import uncertain
from actions.tasks.interfaces import Flow, Request
from actions.tasks.models import Task

UNDER_WAY = ("draft", "awaiting_identity")


def active(session: Session, conversation_id: str) -> Task | None:
    """The task being served."""
    return session.scalar(
        select(Task).where(Task.conversation_id == conversation_id, Task.state == "active").limit(1)
    )


def add(
    session: Session,
    conversation: Conversation,
    request: Request,
    flow: Flow,
    *,
    entities: dict[str, str],
    said_at: datetime,
) -> Task:
    """Queue a request and open its case, dated by its first words (ICO, recognising a request).

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        request: what was asked for.
        flow: how it is served.
        entities: placeholders that stood in the message.
        said_at: when the contact sent it, however long it waited for us.
    """
    case = _case(session, conversation, flow.right, said_at) if flow.right else None
    task = Task(
        conversation_id=conversation.id,
        intent=request.intent,
        state="queued",
        rank=flow.rank,
        stage=0,
        case_id=case.id if case else None,
        asked_at=said_at,
        data={"slots": request.slots, "entities": entities},
    )
    session.add(task)
    session.flush()
    return task


def next_queued(session: Session, conversation_id: str) -> Task | None:
    """The task whose turn is next: the safest kind first, then the oldest."""
    return session.scalar(
        select(Task)
        .where(Task.conversation_id == conversation_id, Task.state == "queued")
        .order_by(Task.rank, Task.id)
        .limit(1)
    )


def unfinished(session: Session, conversation_id: str) -> list[Task]:
    """The tasks that are active or queued, oldest first."""
    return list(
        session.scalars(
            select(Task)
            .where(Task.conversation_id == conversation_id, Task.state != "over")
            .order_by(Task.id)
        )
    )


def waiting_intents(session: Session, conversation_id: str) -> set[str]:
    """The intents that are active or queued already."""
    rows = session.scalars(
        select(Task.intent).where(Task.conversation_id == conversation_id, Task.state != "over")
    )
    return set(rows)


def abandon(session: Session, conversation_id: str) -> list[Task]:
    """End everything that is under way; cases that were not confirmed are withdrawn."""
    tasks = session.scalars(
        select(Task).where(Task.conversation_id == conversation_id, Task.state != "over")
    ).all()
    for task in tasks:
        task.state = "over"
        case = session.get(Case, task.case_id) if task.case_id else None
        if case is not None and case.state in UNDER_WAY:
            cases.move(session, case, "withdrawn", by="contact", note="stopped in the conversation")
    return list(tasks)


def _case(session: Session, conversation: Conversation, right: str, said_at: datetime) -> Case:
    draft = uncertain.of_conversation(session, conversation.id)
    for case in cases.open_of_conversation(session, conversation.id):
        if case.right == right and case.state in UNDER_WAY and case is not draft:
            return case
    case = uncertain.take_over(session, conversation, right) or cases.open_case(
        session,
        right=right,
        conversation_id=conversation.id,
        received_at=said_at,
        channel=conversation.channel,
    )
    situations.mark(session, conversation.id, case)
    return case
