"""Deleting cases whose time is over, with all that hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from actions.cases.holds import held_case
from actions.cases.interfaces import OPEN_STATES
from actions.cases.models import AgentTask, Case, CaseEvent
from actions.database import Base
from actions.erasures.models import DeferredErasure
from actions.fulfilment.interfaces import WAITING_STATES
from actions.fulfilment.models import Step
from actions.slack.redaction import redact_about


def delete_cases(session: Session, before: datetime, limit: int, *conditions: ColumnElement[bool]) -> int:
    """Delete cases that are closed, under no hold, and of which nothing is still to be done.

    The newest case keeps its row, since SQLite would give its number, by which others know it, to the next
    one; all that stood in it goes.

    Args:
        session: a writing session.
        before: they were closed at or before this instant.
        limit: how many at the most.
        conditions: what else must hold of them.

    Returns:
        How many went, the emptied one included.
    """
    over = select(Case.id).where(
        Case.closed_at <= before,
        Case.state.not_in(sorted(OPEN_STATES)),
        Case.review_on.is_(None),
        ~held_case(),
        ~_some(Step.case_id == Case.id, Step.state.in_(WAITING_STATES)),
        ~_some(AgentTask.case_id == Case.id, AgentTask.done_at.is_(None)),
        ~_some(DeferredErasure.case_id == Case.id, DeferredErasure.ended_at.is_(None)),
        # An emptied one has no history left.
        _some(CaseEvent.case_id == Case.id),
        *conditions,
    )
    batch = over.order_by(Case.closed_at).limit(limit).with_for_update(skip_locked=True)
    gone = list(session.scalars(batch))
    if not gone:
        return 0
    redact_about(session, cases=gone)
    _let_go(session, gone)
    newest = session.scalar(select(func.max(Case.id)))
    session.execute(delete(Case).where(Case.id.in_([number for number in gone if number != newest])))
    if newest in gone:
        _empty(session, newest)
    return len(gone)


def _let_go(session: Session, gone: Sequence[int]) -> None:
    """Delete what refers to these cases; what dialogues remember of them only lets go."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.target_fullname != "cases.id":
                continue
            theirs = key.parent.in_(gone)
            if key.ondelete == "SET NULL" or table.name == "dialogue_tasks":
                session.execute(update(table).where(theirs).values({key.parent: None}))
            else:
                session.execute(delete(table).where(theirs))


def _empty(session: Session, number: int) -> None:
    case = session.get_one(Case, number, populate_existing=True)
    case.contact_id = case.address = case.address_hash = case.conversation_id = None
    case.decided_by = case.assigned_to = case.reason = case.ground = None
    case.details, case.pauses = {}, []
    session.flush()


def _some(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(1).where(*conditions).exists()
