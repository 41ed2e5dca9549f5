"""Planning steps in the transaction that decides them, and taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases.models import AgentTask, Case
from actions.cases.tasks import complete
from actions.clock import now
from actions.fulfilment.interfaces import WAITING_STATES
from actions.fulfilment.models import Step

TAKEN_BACK = "~{}"


def plan_step(
    session: Session,
    *,
    kind: str,
    payload: Mapping[str, Any],
    key: str,
    case: Case | None = None,
    not_before: datetime | None = None,
    bulk: bool = False,
) -> Step:
    """Write a step into the journal; the worker carries it out once this transaction is committed.

    The steps of one case run strictly in the order they were planned, each after the one before is done; a
    step that waits for its time, or is stuck, holds back those behind it. Steps without a case wait for none.

    Args:
        session: a writing session.
        kind: what a handler is registered for.
        payload: plain data for the handler; encrypted, and destroyed when the step is done.
        key: names the step for good; planning the same key again returns the step there is.
        case: the case it belongs to.
        not_before: not to be started before this instant, by our clock.
        bulk: whether everything else goes before it.
    """
    known = session.scalar(select(Step).where(Step.key == key))
    if known is not None:
        return known
    step = Step(
        kind=kind,
        key=key,
        case_id=case.id if case else None,
        state="planned",
        payload=dict(payload),
        planned_at=now(session),
        not_before=not_before,
        bulk=bulk,
        attempts=0,
        last_error="",
        turn=structlog.contextvars.get_contextvars().get("turn"),
    )
    try:
        with session.begin_nested():
            session.add(step)
    except IntegrityError:
        # Planned by another transaction between our look and our insert.
        known = session.scalar(select(Step).where(Step.key == key))
        if known is None:
            raise
        return known
    return step


def cancel_steps(session: Session, case: Case) -> int:
    """Cancel the steps of a case that are not under way, stuck ones included, and destroy what they needed.

    Returns:
        How many were cancelled.
    """
    session.flush()
    cancelled = session.scalars(
        update(Step)
        .where(Step.case_id == case.id, Step.state.in_(("planned", "failed")))
        .values(state="cancelled", payload=None, done_at=now(session))
        .returning(Step.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    complete_tasks(session, cancelled)
    if cancelled:
        details = {"steps": len(cancelled)}
        record(session, actor="system", action="steps_cancelled", subject=case.reference, details=details)
    return len(cancelled)


def take_back(session: Session, case: Case) -> int:
    """Cancel the steps of a case as `cancel_steps` does, so that the same ones can be planned once more."""
    cancelled = cancel_steps(session, case)
    for step in session.scalars(select(Step).where(Step.case_id == case.id, Step.state == "cancelled")):
        # A step is named for good by its key, and this one is another step now.
        if not step.key.endswith(TAKEN_BACK.format(step.id)):
            step.key = f"{step.key}{TAKEN_BACK.format(step.id)}"
    session.flush()
    return cancelled


def retry_stuck(session: Session, case: Case, *, by: str) -> int:
    """Let every stuck step of a case be tried again; the tasks about them are done.

    Returns:
        How many there were.
    """
    stuck = [step for step in open_steps(session, case) if step.state == "failed"]
    for step in stuck:
        retry(session, step, by=by)
    keys = [stuck_key(step.id) for step in stuck]
    for task in session.scalars(select(AgentTask).where(AgentTask.key.in_(keys))):
        complete(session, task, by=by)
    return len(stuck)


def retry(session: Session, step: Step, *, by: str) -> None:
    """Let a stuck step be tried again, from the first attempt.

    Raises:
        ValueError: the step is not stuck.
    """
    if step.state != "failed":
        raise ValueError(f"step {step.id} is {step.state}, not failed")
    step.state, step.attempts, step.retry_at = "planned", 0, None
    case = session.get(Case, step.case_id) if step.case_id is not None else None
    details = {"kind": step.kind}
    record(session, actor=by, action="step_retried", subject=subject_of(step, case), details=details)


def steps_of(session: Session, case: Case) -> list[Step]:
    """The steps of a case, in order."""
    return list(session.scalars(select(Step).where(Step.case_id == case.id).order_by(Step.id)))


def open_steps(session: Session, case: Case) -> list[Step]:
    """Those of a case that are neither done nor cancelled, in order."""
    return [step for step in steps_of(session, case) if step.state in WAITING_STATES]


def complete_tasks(session: Session, step_ids: Sequence[int]) -> None:
    """Nobody has to see to these steps any more: they are done, or cancelled."""
    keys = [key(step_id) for step_id in step_ids for key in (stuck_key, waiting_key)]
    for task in session.scalars(select(AgentTask).where(AgentTask.key.in_(keys))):
        complete(session, task, by="system")


def waiting_key(step_id: int) -> str:
    """The key of the task that tells people what a step waits for."""
    return f"step-{step_id}-waits"


def stuck_key(step_id: int) -> str:
    """The key of the task that a stuck step gives to people."""
    return f"step-{step_id}-stuck"


def subject_of(step: Step, case: Case | None) -> str:
    """What an audit entry about a step is about."""
    return case.reference if case else f"step-{step.id}"
