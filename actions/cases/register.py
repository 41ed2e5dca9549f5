"""The register of requests as CSV: one line a case, nothing about whom it is from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.counting import in_time
from actions.cases.deadlines import local_date, zone
from actions.cases.models import Case, CaseSearch, CaseTag
from actions.clock import now
from actions.conversations.log import rfc3339
from actions.spreadsheets import harmless

COLUMNS = (
    "reference",
    "right",
    "channel",
    "jurisdiction",
    "state",
    "received_at",
    "counted_from",
    "paused_days",
    "extended_on",
    "due_on",
    "acknowledged_at",
    "closed_at",
    "days_taken",
    "in_time",
    "decision",
    "decided_by",
    "ground",
    "reason",
    "assigned_to",
    "tags",
    "searched",
    "left_out",
)
READ_AT_ONCE = 100


def export(session: Session, out: TextIO, *, first: date | None = None, last: date | None = None) -> int:
    """Write the register, in the order in which requests were received.

    Args:
        session: any session.
        out: where to; opened with `newline=""`.
        first: only cases received on this day or later, where the organisation is.
        last: only cases received on this day or earlier.

    Returns:
        How many cases there are.
    """
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    today, count = local_date(now(session)), 0
    for batch in _batches(session, first, last):
        tags, searches = _tags(session, batch), _searches(session, batch)
        for case in batch:
            row = _row(case, today, tags.get(case.id, []), searches.get(case.id, []))
            writer.writerow([harmless(cell) for cell in row])
        count += len(batch)
    return count


def _batches(session: Session, first: date | None, last: date | None) -> Iterator[list[Case]]:
    query = select(Case).order_by(Case.received_at, Case.id)
    if first is not None:
        query = query.where(Case.received_at >= _midnight(first))
    if last is not None:
        query = query.where(Case.received_at < _midnight(last + timedelta(days=1)))
    found = session.scalars(query.execution_options(yield_per=READ_AT_ONCE))
    for batch in found.partitions():
        cases = list(batch)
        yield cases
        for case in cases:
            session.expunge(case)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, zone())


def _tags(session: Session, batch: list[Case]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = select(CaseTag).where(CaseTag.case_id.in_([case.id for case in batch])).order_by(CaseTag.tag)
    for row in session.scalars(query):
        found.setdefault(row.case_id, []).append(row.tag)
    return found


def _searches(session: Session, batch: list[Case]) -> dict[int, list[tuple[str, bool]]]:
    found: dict[int, list[tuple[str, bool]]] = {}
    query = select(CaseSearch.case_id, CaseSearch.source, CaseSearch.searched).where(
        CaseSearch.case_id.in_([case.id for case in batch])
    )
    for case_id, source, searched in session.execute(query.order_by(CaseSearch.id)):
        found.setdefault(case_id, []).append((source, searched))
    return found


def _row(case: Case, today: date, tags: list[str], searches: list[tuple[str, bool]]) -> list[str]:
    closed = local_date(case.closed_at) if case.closed_at else None
    return [
        case.reference,
        case.right,
        case.channel,
        case.jurisdiction,
        case.state,
        rfc3339(case.received_at),
        local_date(case.starts_at or case.received_at).isoformat(),
        str(case.paused_days),
        local_date(case.extended_at).isoformat() if case.extended_at else "",
        case.due_on.isoformat(),
        rfc3339(case.acknowledged_at) if case.acknowledged_at else "",
        rfc3339(case.closed_at) if case.closed_at else "",
        str((closed - local_date(case.received_at)).days) if closed else "",
        _in_time(case, today),
        case.decision or "",
        case.decided_by or "",
        case.ground or "",
        case.reason or "",
        case.assigned_to or "",
        " ".join(tags),
        " ".join(source for source, searched in searches if searched),
        " ".join(source for source, searched in searches if not searched),
    ]


def _in_time(case: Case, today: date) -> str:
    return {True: "yes", False: "no", None: ""}[in_time(case, today)]
