"""The journal's mechanics: claiming steps under a lease, and writing down how they went."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from actions.audit import record
from actions.cases.models import Case
from actions.cases.tasks import raise_task
from actions.clock import now
from actions.clock.services import machine_now
from actions.fulfilment.interfaces import WAITING_STATES
from actions.fulfilment.models import Step
from actions.fulfilment.services import complete_tasks, stuck_key, subject_of, waiting_key

LEASE = timedelta(seconds=10)
LONGEST_LEASE = timedelta(minutes=5)
MAX_TRIES = 12
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 15 * 60.0
LOOK_AGAIN_AFTER = timedelta(hours=1)
UNREMARKABLE = frozenset({"move_case", "close_request", "wait", "tell_contact", "save_ledger"})
"""Steps that change nothing of anybody's, or leave a trace of their own."""
LOST = "the worker that began it disappeared"


def anything_due(session: Session, kinds: Collection[str] | None = None) -> bool:
    """Whether some step, or one of these kinds, could be claimed now: one cheap look, without a lock."""
    return bool(due(session, limit=1, kinds=kinds))


def due(
    session: Session, *, limit: int, in_hand: Collection[int] = (), kinds: Collection[str] | None = None
) -> list[int]:
    """The ids of steps that `claim` would take now, found with a reading session, which holds nobody up.

    Args:
        session: of any kind.
        limit: how many at the most.
        in_hand: steps to leave out.
        kinds: only these kinds of steps; by default all.
    """
    found: list[int] = []
    moment = _moment(session)
    for whichever in _due(None if kinds is None else frozenset(kinds)):
        if len(found) < limit:
            values = {**moment, "in_hand": list(in_hand), "most": limit - len(found)}
            found += session.scalars(whichever, values)
    return found


def claim(
    session: Session,
    owner: str,
    *,
    limit: int = 1,
    lease: timedelta = LEASE,
    in_hand: Collection[int] = (),
    kinds: Collection[str] | None = None,
    among: Sequence[int] | None = None,
) -> list[Step]:
    """Take steps to carry out, none that another worker has in hand or whose turn in its case has not come.

    Args:
        session: a writing session.
        owner: who claims; a fresh random id of the process.
        limit: how many at the most.
        lease: how long they are ours unless renewed; afterwards another worker takes over.
        in_hand: steps the owner is still busy with, which it does not take over from itself.
        kinds: only these kinds of steps; by default all.
        among: what `due` found a moment ago: of these, those that still are; by default it is asked now.
    """
    if among is None:
        among = due(session, limit=limit, in_hand=in_hand, kinds=kinds)
    claimed = []
    steps = session.scalars(_still_due(), {**_moment(session), "among": list(among)}).all()
    for step in steps:
        if step.state == "running" and step.attempts >= MAX_TRIES:
            # It has taken its worker down with it every time.
            _stuck(session, step, LOST)
            continue
        step.state, step.lease_owner, step.lease_until = "running", owner, machine_now() + lease
        step.attempts += 1
        claimed.append(step)
    return claimed


def renew(session: Session, owner: str, step_ids: Sequence[int], *, lease: timedelta = LEASE) -> None:
    """Keep the lease of steps that are still being carried out."""
    for step in _held(session, owner, step_ids):
        step.lease_until = machine_now() + lease


def done(session: Session, owner: str, step_id: int) -> bool:
    """Mark a step as done and destroy its payload.

    Returns:
        False when the step is not this owner's any more: whoever took it over marks it.
    """
    for step in _held(session, owner, [step_id]):
        if step.last_error:
            complete_tasks(session, [step.id])
        _record_done(session, step)
        _end(step, "done", now(session))
        return True
    return False


def not_needed(session: Session, owner: str, step_id: int, reason: str) -> None:
    """Cancel a step that has nothing left to do, and destroy its payload."""
    for step in _held(session, owner, [step_id]):
        _end(step, "cancelled", now(session))
        step.last_error = reason[:200]


def failed(session: Session, owner: str, step_id: int, error: str, *, for_good: bool = False) -> None:
    """Write down that an attempt failed: tried again later, or given to a person after the last try.

    Args:
        session: a writing session.
        owner: who held the lease.
        step_id: the step.
        error: what went wrong, without personal data.
        for_good: whether trying again is pointless.
    """
    for step in _held(session, owner, [step_id]):
        if for_good or step.attempts >= MAX_TRIES:
            _stuck(session, step, error)
            return
        step.state, step.lease_owner, step.lease_until = "planned", None, None
        step.retry_at = machine_now() + wait_after(step.attempts)
        step.last_error = error[:200]


def wait(session: Session, owner: str, step_id: int, reason: str) -> None:
    """Look at a step again in an hour, as if it had not been tried, and tell people that it waits.

    Args:
        session: a writing session.
        owner: who held the lease.
        step_id: the step.
        reason: what it waits for, without personal data.
    """
    for step in _held(session, owner, [step_id]):
        case = session.get(Case, step.case_id) if step.case_id is not None else None
        raise_task(
            session,
            key=waiting_key(step.id),
            kind="waiting_step",
            text=f"The step '{step.kind}' ({subject_of(step, case)}) waits: {reason}. It goes on by "
            "itself once that is over; tell the contact why it takes longer.",
            case=case,
        )
        step.state, step.lease_owner, step.lease_until, step.retry_at = "planned", None, None, None
        step.attempts -= 1
        step.not_before = now(session) + LOOK_AGAIN_AFTER
        step.last_error = reason[:200]


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling from a second to fifteen minutes, with jitter."""
    seconds = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** (attempts - 1))
    jittered = seconds * random.uniform(0.8, 1.2)  # noqa: S311 (no secret hangs on it)
    return timedelta(seconds=min(LONGEST_WAIT_SECONDS, max(FIRST_WAIT_SECONDS, jittered)))


@cache
def _due(kinds: frozenset[str] | None) -> tuple[Select[int], Select[int]]:
    """Steps that wait for their first or next try, and those whose worker has disappeared.

    Two queries, since each is answered by an index in the order wanted, however many steps there are. They
    are put together once: that takes longer than asking them. `_moment` has their values.
    """
    steps = _in_their_turn().with_only_columns(Step.id)
    steps = steps.where(Step.id.not_in(bindparam("in_hand", expanding=True))).limit(bindparam("most"))
    if kinds is not None:
        steps = steps.where(Step.kind.in_(kinds))
    return steps.where(_waits()), steps.where(_is_lost())


@cache
def _still_due() -> Select[Step]:
    found = Step.id.in_(bindparam("among", expanding=True))
    steps = _in_their_turn().where(found, or_(_waits(), _is_lost()))
    return steps.with_for_update(of=Step, skip_locked=True)


def _moment(session: Session) -> dict[str, Any]:
    machine = machine_now()
    return {
        "now": now(session),
        "machine": machine,
        # What lies further ahead than we ever plan was written by a clock that has been put back since.
        "longest_wait": machine + 2 * timedelta(seconds=LONGEST_WAIT_SECONDS),
        "longest_lease": machine + LONGEST_LEASE,
    }


def _in_their_turn() -> Select[Step]:
    earlier = aliased(Step)
    its_turn = ~exists().where(
        earlier.case_id == Step.case_id, earlier.id < Step.id, earlier.state.in_(WAITING_STATES)
    )
    return (
        select(Step)
        .where(
            or_(Step.not_before.is_(None), Step.not_before <= bindparam("now")),
            or_(Step.case_id.is_(None), its_turn),
        )
        .order_by(Step.bulk, Step.id)
    )


def _waits() -> ColumnElement[bool]:
    its_time = or_(
        Step.retry_at.is_(None),
        Step.retry_at <= bindparam("machine"),
        Step.retry_at > bindparam("longest_wait"),
    )
    return and_(Step.state == "planned", its_time)


def _is_lost() -> ColumnElement[bool]:
    ended = or_(Step.lease_until < bindparam("machine"), Step.lease_until > bindparam("longest_lease"))
    return and_(Step.state == "running", ended)


def _held(session: Session, owner: str, step_ids: Sequence[int]) -> list[Step]:
    return list(
        session.scalars(
            select(Step)
            .where(Step.id.in_(step_ids), Step.lease_owner == owner, Step.state == "running")
            .with_for_update()
        )
    )


def _record_done(session: Session, step: Step) -> None:
    """Put what was done for a case into the audit trail: every change, and every letter by its template."""
    case = session.get(Case, step.case_id) if step.case_id is not None else None
    if case is None or step.kind in UNREMARKABLE:
        return
    details = {"step": step.id, "kind": step.kind}
    if step.kind == "mail":
        details["letter"] = (step.payload or {}).get("template", "")
    record(session, actor="worker", action="step_done", subject=case.reference, details=details)


def _end(step: Step, state: str, at: datetime) -> None:
    step.state, step.payload, step.done_at = state, None, at
    step.lease_owner, step.lease_until, step.last_error = None, None, ""


def _stuck(session: Session, step: Step, error: str) -> None:
    step.state, step.lease_owner, step.lease_until, step.last_error = "failed", None, None, error[:200]
    case = session.get(Case, step.case_id) if step.case_id is not None else None
    subject = subject_of(step, case)
    record(
        session,
        actor="worker",
        action="step_failed",
        subject=subject,
        details={"step": step.id, "kind": step.kind, "attempts": step.attempts, "error": error},
    )
    raise_task(
        session,
        key=stuck_key(step.id),
        kind="stuck_step",
        text=f"The step '{step.kind}' ({subject}) could not be done: {error}. Put it right and retry it.",
        case=case,
    )
