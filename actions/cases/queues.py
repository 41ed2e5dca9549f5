"""The queues of a support desk: what is due, what is overdue, what waits for whom; counted, and by pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from actions.cases.interfaces import OPEN_STATES, RIGHTS, UNVERIFIED_STATES
from actions.cases.models import AgentTask, Case, CaseTag
from actions.cases.notes import RESTRICTED
from actions.cases.rules import rules

QueueName = Literal["all", "due", "overdue", "mine", "contact", "stuck"]
QUEUES: tuple[QueueName, ...] = get_args(QueueName)
SOON = timedelta(days=7)
WITH_THE_CONTACT = ("awaiting_clarification", "awaiting_identity")
STUCK = ("stuck_step", "waiting_step")


@dataclass(frozen=True)
class Reader:
    """Who looks.

    Attributes:
        name: as cases are assigned to them.
        decides: whether they approve and refuse, so that what waits for a decision waits for them.
        signs_off: whether they are the data protection officer.
        sees_restricted: whether they may see cases tagged `restricted`.
        today: where the organisation is.
    """

    name: str
    decides: bool
    signs_off: bool
    sees_restricted: bool
    today: date


def counts(session: Session, reader: Reader) -> dict[QueueName, int]:
    """How many cases each queue has."""
    columns = [
        func.count().filter(QUERIES[name](reader)).label(name)  # one look at the table for all of them
        for name in QUEUES
    ]
    row = session.execute(select(*columns).select_from(Case).where(_visible(reader))).one()
    return dict(zip(QUEUES, row, strict=True))


def page(
    session: Session,
    reader: Reader,
    name: QueueName,
    *,
    right: str | None = None,
    offset: int = 0,
    limit: int = 10,
) -> tuple[list[Case], int]:
    """Some cases of a queue, the most urgent first.

    Args:
        session: any session.
        reader: who looks.
        name: which queue.
        right: only cases of this right.
        offset: how many to pass over.
        limit: how many at the most.

    Returns:
        The cases, and how many there are in all.
    """
    which = [_visible(reader), QUERIES[name](reader)]
    if right is not None:
        which.append(Case.right == right)
    total = session.scalar(select(func.count()).select_from(Case).where(*which)) or 0
    query = select(Case).where(*which).order_by(Case.due_on, Case.id).offset(offset).limit(limit)
    return list(session.scalars(query)), total


def may_see(session: Session, case: Case, reader: Reader) -> bool:
    """Whether somebody may open a case: one that is restricted, not everybody."""
    return reader.sees_restricted or session.get(CaseTag, (case.id, RESTRICTED)) is None


def _visible(reader: Reader) -> ColumnElement[bool]:
    restricted = exists().where(CaseTag.case_id == Case.id, CaseTag.tag == RESTRICTED)
    return true() if reader.sees_restricted else ~restricted


def _all(_reader: Reader) -> ColumnElement[bool]:
    return Case.state.in_(sorted(OPEN_STATES - set(UNVERIFIED_STATES)))


def _runs(_reader: Reader) -> ColumnElement[bool]:
    """The clock runs: it is neither stopped by a question nor met by an acknowledgement."""
    stopped = and_(Case.state == "awaiting_clarification", Case.right.in_(rules().pause.rights))
    told = [right for right in RIGHTS if rules().clock_of(right).until == "acknowledged"]
    met = and_(Case.right.in_(told), Case.acknowledged_at.is_not(None))
    return and_(Case.state.in_(sorted(OPEN_STATES - set(UNVERIFIED_STATES))), ~stopped, ~met)


def _due(reader: Reader) -> ColumnElement[bool]:
    return and_(_runs(reader), Case.due_on >= reader.today, Case.due_on <= reader.today + SOON)


def _overdue(reader: Reader) -> ColumnElement[bool]:
    return and_(_runs(reader), Case.due_on < reader.today)


def _mine(reader: Reader) -> ColumnElement[bool]:
    waits = [and_(Case.assigned_to == reader.name, Case.state.in_(sorted(OPEN_STATES)))]
    if reader.decides:
        waits.append(and_(Case.state == "awaiting_approval", Case.assigned_to.is_(None)))
    if reader.signs_off:
        waits.append(_has_task("sign_off"))
    return or_(*waits)


def _contact(_reader: Reader) -> ColumnElement[bool]:
    return Case.state.in_(WITH_THE_CONTACT)


def _stuck(_reader: Reader) -> ColumnElement[bool]:
    return _has_task(*STUCK)


def _has_task(*kinds: str) -> ColumnElement[bool]:
    return exists().where(
        AgentTask.case_id == Case.id, AgentTask.kind.in_(kinds), AgentTask.done_at.is_(None)
    )


QUERIES: Mapping[QueueName, Callable[[Reader], ColumnElement[bool]]] = MappingProxyType(
    {
        "all": _all,
        "due": _due,
        "overdue": _overdue,
        "mine": _mine,
        "contact": _contact,
        "stuck": _stuck,
    }
)
