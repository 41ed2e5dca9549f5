"""Counting a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from actions.audit.models import AuditEntry
from actions.cases.counting import clock_stands_still
from actions.cases.deadlines import local_date, zone
from actions.cases.interfaces import RIGHTS, UNVERIFIED_STATES
from actions.cases.models import Case, LegalHold
from actions.cases.rules import rules
from actions.clock import now
from actions.reporting.interfaces import Closed, Figures, Late, Month, RightFigures
from actions.wording import organisation, phrase

MONTHS_SHOWN = 12
READ_AT_ONCE = 500


def count(session: Session, month: Month) -> Figures:
    """A month in figures.

    Args:
        session: any session.
        month: which; the present one is counted up to now.
    """
    at = now(session)
    ends = _midnight(month.next.first)
    until = min(ends, at)
    closed = _closed(session, month, until)
    received = _received(session, month, until)
    open_cases = list(_open_at(session, until))
    return Figures(
        organisation=organisation().name,
        month=month,
        written_at=at,
        until=until,
        over=at >= ends,
        by_day=_by_day(session, month, until),
        trend=_trend(session, month, until),
        rights=tuple(
            RightFigures(
                right, phrase(f"right.{right}").capitalize(), received[right], tuple(closed.get(right, ()))
            )
            for right in RIGHTS
            if received[right] or right in closed
        ),
        unfinished=_unfinished(session, month, until),
        open_at_end=len(open_cases),
        late=tuple(_late(open_cases, until)),
        paused=_number(session, _ended(month, until), Case.paused_days > 0),
        extended=_number(session, Case.extended_at >= _midnight(month.first), Case.extended_at < until),
        holds=_holds(session, until),
        expired_data=_expired(session, month, until),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, zone())


def _in(month: Month, until: datetime) -> ColumnElement[bool]:
    return and_(Case.received_at >= _midnight(month.first), Case.received_at < until)


def _ended(month: Month, until: datetime) -> ColumnElement[bool]:
    return and_(Case.closed_at >= _midnight(month.first), Case.closed_at < until)


def _number(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0


def _received(session: Session, month: Month, until: datetime) -> Counter[str]:
    rows = session.execute(select(Case.right, func.count()).where(_in(month, until)).group_by(Case.right))
    return Counter({row[0]: int(row[1]) for row in rows})


def _by_day(session: Session, month: Month, until: datetime) -> dict[date, int]:
    found = {
        month.first + timedelta(days=number): 0 for number in range((month.next.first - month.first).days)
    }
    for at in session.scalars(select(Case.received_at).where(_in(month, until))):
        found[local_date(at)] += 1
    return found


def _trend(session: Session, month: Month, until: datetime) -> dict[Month, int]:
    shown = [month.back(months) for months in range(MONTHS_SHOWN - 1, -1, -1)]
    found = dict.fromkeys(shown, 0)
    query = select(Case.received_at).where(
        Case.received_at >= _midnight(shown[0].first), Case.received_at < until
    )
    for at in session.scalars(query.execution_options(yield_per=READ_AT_ONCE)):
        found[Month.of(local_date(at))] += 1
    return found


def _closed(session: Session, month: Month, until: datetime) -> dict[str, list[Closed]]:
    query = (
        select(
            Case.reference,
            Case.right,
            Case.state,
            Case.received_at,
            Case.due_on,
            Case.closed_at,
            Case.acknowledged_at,
            Case.decided_by,
            Case.ground,
        )
        .where(_ended(month, until))
        .order_by(Case.closed_at)
    )
    found: dict[str, list[Closed]] = {}
    for row in session.execute(query.execution_options(yield_per=READ_AT_ONCE)):
        ended = local_date(row.closed_at or until)
        acknowledged = row.acknowledged_at is not None and _asks_for_no_more(row.right)
        met = local_date(row.acknowledged_at) if acknowledged else ended
        one = Closed(
            reference=row.reference,
            right=row.right,
            outcome=row.state,
            days=max(0, (ended - local_date(row.received_at)).days),
            in_time=met <= row.due_on,
            by_person=row.decided_by is not None,
            ground=row.ground or "",
        )
        found.setdefault(row.right, []).append(one)
    return found


def _unfinished(session: Session, month: Month, until: datetime) -> int:
    return _number(session, _in(month, until), Case.state.in_((*UNVERIFIED_STATES, "expired")))


def _open_at(session: Session, until: datetime) -> Iterator[Case]:
    still = or_(Case.closed_at.is_(None), Case.closed_at >= until)
    query = select(Case).where(Case.received_at < until, still).order_by(Case.due_on)
    for case in session.scalars(query.execution_options(yield_per=READ_AT_ONCE)):
        if case.state not in (*UNVERIFIED_STATES, "expired"):
            yield case


def _late(cases: list[Case], until: datetime) -> Iterator[Late]:
    today = local_date(until - timedelta(microseconds=1))
    for case in cases:
        met = (
            case.acknowledged_at is not None
            and case.acknowledged_at < until
            and _asks_for_no_more(case.right)
        )
        if case.due_on < today and not clock_stands_still(case) and not met:
            yield Late(case.reference, case.right, case.due_on, (today - case.due_on).days)


def _asks_for_no_more(right: str) -> bool:
    """Whether the clock of a right stops when a request is acknowledged."""
    return rules().clock_of(right).until == "acknowledged"


def _holds(session: Session, until: datetime) -> int:
    standing = or_(LegalHold.lifted_at.is_(None), LegalHold.lifted_at >= until)
    query = select(func.count()).select_from(LegalHold).where(LegalHold.placed_at < until, standing)
    return session.scalar(query) or 0


def _expired(session: Session, month: Month, until: datetime) -> dict[str, int]:
    found: Counter[str] = Counter()
    query = select(AuditEntry.details).where(
        AuditEntry.action == "retention_applied",
        AuditEntry.at >= _midnight(month.first),
        AuditEntry.at < until,
    )
    for details in session.scalars(query):
        found[str(details["rule"])] += int(details["count"])
    return dict(found)
