"""Tasks for people: raised once a key, listed until somebody has done them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases.models import AgentTask, Case
from actions.cases.notes import add_note
from actions.clock import now


def raise_task(
    session: Session, *, key: str, kind: str, text: str, case: Case | None = None, due_on: date | None = None
) -> AgentTask:
    """Give people something to do; the same key again returns the task there is.

    Args:
        session: a writing session.
        key: what makes it the same task, e.g. `step-12-stuck`.
        kind: `review`, `manual_source`, `stuck_step`, `review_date`, `call_back`…
        text: what to do, in a sentence without personal data.
        case: the case it belongs to.
        due_on: when it should be done; by default when the case is due.
    """
    known = session.scalar(select(AgentTask).where(AgentTask.key == key))
    if known is not None:
        return known
    task = AgentTask(
        key=key,
        kind=kind,
        text=text,
        case_id=case.id if case else None,
        created_at=now(session),
        due_on=due_on or (case.due_on if case else None),
    )
    session.add(task)
    session.flush()
    _note(session, task, case, actor="system", action="task_raised")
    return task


def complete(session: Session, task: AgentTask, *, by: str, note: str = "") -> None:
    """Note that somebody has done it; again has no further effect.

    Args:
        session: a writing session.
        task: the task.
        by: who did it.
        note: what came of it; kept encrypted with the task's case.
    """
    if task.done_at is not None:
        return
    task.done_at, task.done_by = now(session), by
    case = session.get(Case, task.case_id) if task.case_id is not None else None
    if note.strip() and case is not None:
        add_note(session, case, note, by=by, kind="task")
    _note(session, task, case, actor=by, action="task_done")


def task_by_id(session: Session, number: int) -> AgentTask | None:
    """A task by the number that lists show."""
    return session.get(AgentTask, number)


def tasks_of(session: Session, case: Case) -> list[AgentTask]:
    """Every task of a case, done ones too, oldest first."""
    return list(session.scalars(select(AgentTask).where(AgentTask.case_id == case.id).order_by(AgentTask.id)))


def open_tasks(
    session: Session, *, case: Case | None = None, kind: str | None = None, limit: int = 100
) -> list[AgentTask]:
    """What is still to be done, of one case or of all, of one kind or of all, the most urgent first."""
    query = select(AgentTask).where(AgentTask.done_at.is_(None))
    if kind is not None:
        query = query.where(AgentTask.kind == kind)
    if case is not None:
        query = query.where(AgentTask.case_id == case.id)
    return list(session.scalars(query.order_by(AgentTask.due_on, AgentTask.id).limit(limit)))


def _note(session: Session, task: AgentTask, case: Case | None, *, actor: str, action: str) -> None:
    subject = case.reference if case else f"task-{task.id}"
    record(session, actor=actor, action=action, subject=subject, details={"kind": task.kind, "key": task.key})
