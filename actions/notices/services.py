"""Planning the notices: who was added and has not been told yet, page by page, nobody twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases.deadlines import for_notice, local_date
from actions.cases.tasks import raise_task
from actions.clock import now
from actions.clock.services import machine_now
from actions.crm import services as crm_services
from actions.crm.interfaces import ContactRecord, Crm, Place
from actions.database import Database
from actions.fulfilment.services import plan_step
from actions.notices.models import ContactNotice, NoticeStart

KIND = "notice"
PAGE = 500
BACK = timedelta(days=30)
"""How far back the first run reaches: who was added earlier was added before we began."""
OVERLAP = timedelta(days=35)
"""How far back each later run looks again, for contacts whom the CRM dates back."""
EVERY = timedelta(days=1)
ONLY_ROW = 1
MOST_NAMED = 20
Fate = Literal["to_write", "informed", "not_needed", "by_a_person"]


@dataclass
class Summary:
    """What a run did, or would do.

    Attributes:
        since: the first instant of being added that counts.
        counts: contacts by what becomes of them.
        late: those to be written to whose thirty days are over.
        stopped: whether the limit ended the run before everybody was seen.
    """

    since: datetime
    counts: Counter[Fate] = field(default_factory=Counter)
    late: int = 0
    stopped: bool = False

    @property
    def seen(self) -> int:
        """How many contacts were looked at."""
        return sum(self.counts.values())


def daily(database: Database) -> int:
    """The worker's chore: once a day plan the notices to everybody who is new; returns how many."""
    with database.write() as session:
        start = _start(session)
        if now(session) < start.next_at:
            return 0
    return run(database, crm_services.get_crm()).counts["to_write"]


def run(
    database: Database,
    crm: Crm,
    *,
    dry_run: bool = False,
    limit: int | None = None,
    since: datetime | None = None,
    seen: Callable[[int], None] = lambda _count: None,
) -> Summary:
    """Plan a notice to every contact who has none.

    Each page is a transaction of its own: a run that is killed has planned some of the notices, and the next
    one plans the others.

    Args:
        database: where it is remembered who was written to.
        crm: where the contacts are.
        dry_run: only count.
        limit: plan at most so many.
        since: count from an earlier instant than thirty days before we began, for good.
        seen: called with the number of contacts looked at since the last call, for a progress bar.
    """
    summary = Summary(_since(database, since, dry_run=dry_run))
    unreachable: list[str] = []
    for page in _pages(crm, _from(database, summary.since)):
        if dry_run:
            with database.read() as session:
                _count(session, page, summary, limit)
        else:
            with database.write() as session:
                unreachable += _plan(session, page, summary, limit)
        seen(len(page))
        if summary.stopped:
            break
    if not dry_run:
        with database.write() as session:
            _end(session, summary, unreachable)
    return summary


def waiting(session: Session) -> int:
    """How many notices are planned and not sent yet."""
    query = select(func.count()).select_from(ContactNotice).where(ContactNotice.state == "planned")
    return session.scalar(query) or 0


def _pages(crm: Crm, since: datetime) -> Iterator[Sequence[ContactRecord]]:
    after: Place | None = None
    while page := crm.added_since(since, after, PAGE):
        yield page
        after = (page[-1].added_at, page[-1].id)


def _plan(session: Session, page: Sequence[ContactRecord], summary: Summary, limit: int | None) -> list[str]:
    """Plan a page's notices; returns the contacts whom a person must tell."""
    at = now(session)
    unreachable = []
    for contact, fate in _fates(session, page, summary, limit, at):
        if fate == "informed":
            continue
        state = "planned" if fate == "to_write" else fate
        ended = None if fate == "to_write" else at
        session.add(ContactNotice(contact_id=contact.id, state=state, planned_at=at, ended_at=ended))
        if fate == "to_write":
            payload = {"contact_id": contact.id}
            plan_step(session, kind=KIND, payload=payload, key=f"notice:{contact.id}", bulk=True)
        elif fate == "by_a_person":
            unreachable.append(contact.id)
    return unreachable


def _count(session: Session, page: Sequence[ContactRecord], summary: Summary, limit: int | None) -> None:
    for _ in _fates(session, page, summary, limit, now(session)):
        pass


def _fates(
    session: Session, page: Sequence[ContactRecord], summary: Summary, limit: int | None, at: datetime
) -> Iterator[tuple[ContactRecord, Fate]]:
    ids = [contact.id for contact in page]
    known = set(session.scalars(select(ContactNotice.contact_id).where(ContactNotice.contact_id.in_(ids))))
    for contact in page:
        fate: Fate = "informed" if contact.id in known else _fate(contact)
        if fate == "to_write" and limit is not None and summary.counts["to_write"] >= limit:
            summary.stopped = True
            return
        summary.counts[fate] += 1
        if fate == "to_write" and for_notice(contact.added_at).due < local_date(at):
            summary.late += 1
        yield contact, fate


def _fate(contact: ContactRecord) -> Fate:
    """Whom to write to: opting out of marketing does not stop it; a restriction or an erasure does."""
    if contact.state != "active":
        return "not_needed"
    if not contact.email or contact.email_bounced or contact.has_left:
        return "by_a_person"
    return "to_write"


def _start(session: Session) -> NoticeStart:
    """The one row; made when we begin, with the first run a day later: a dry run can come before it."""
    row = session.get(NoticeStart, ONLY_ROW, with_for_update=True)
    if row is None:
        # Whoever moves the clock on wants those who are new by the machine's time to be new still.
        began = min(now(session), machine_now())
        row = NoticeStart(id=ONLY_ROW, since=began - BACK, next_at=began + EVERY)
        session.add(row)
        session.flush()
    return row


def _since(database: Database, since: datetime | None, *, dry_run: bool) -> datetime:
    if dry_run:
        with database.read() as session:
            row = session.get(NoticeStart, ONLY_ROW)
            known = row.since if row else min(now(session), machine_now()) - BACK
            return min(known, since) if since else known
    with database.write() as session:
        row = _start(session)
        if since is not None and since < row.since:
            # Those between the two have not been looked at by any run.
            row.since, row.ran_at = since, None
        return row.since


def _from(database: Database, since: datetime) -> datetime:
    with database.read() as session:
        row = session.get(NoticeStart, ONLY_ROW)
        if row is None or row.ran_at is None or since < row.since:
            return since
        return max(since, row.ran_at - OVERLAP)


def _end(session: Session, summary: Summary, unreachable: Sequence[str]) -> None:
    at = now(session)
    row = _start(session)
    if not summary.stopped:
        row.ran_at = at
        row.next_at = at + EVERY
    if summary.counts["to_write"] or unreachable:
        details = {str(fate): count for fate, count in summary.counts.items()} | {"late": summary.late}
        audit.record(session, actor="worker", action="notices_planned", subject="notices", details=details)
    if unreachable:
        named = ", ".join(unreachable[:MOST_NAMED]) + (", …" if len(unreachable) > MOST_NAMED else "")
        raise_task(
            session,
            key=f"notices-{at.isoformat()}",
            kind="notice",
            text=f"Tell {len(unreachable)} new contacts in another way that we hold their details, since our "
            f"mail cannot reach them (ids in the CRM: {named}).",
            due_on=local_date(at + BACK),
        )
