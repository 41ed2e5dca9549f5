"""Writing the audit trail and proving that nobody has touched it.

Entries are chained when their transaction commits, so that the chain's lock is always the last one a
transaction takes, is held for the shortest time, and can take part in no deadlock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, Select, delete, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, SessionTransaction

from actions.audit.models import AuditEntry, AuditHead
from actions.clock import now
from actions.conversations.log import rfc3339
from actions.vault.cipher import keyed_hash, same

ONLY_ROW = 1
FIRST_LINK = "0" * 64
WAITING = "rightline.audit"
READ_AT_ONCE = 500
LOOKS_LIKE_AN_ADDRESS = re.compile(r'[^\s@"]@[^\s@"]')


_Columns = tuple[int, datetime, str, str, str, dict[str, Any], str, str]


@dataclass(frozen=True)
class _Waiting:
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    savepoint: SessionTransaction | None = field(compare=False)


def record(
    session: Session, *, actor: str, action: str, subject: str, details: Mapping[str, Any] | None = None
) -> None:
    """Add an entry, written when the session's transaction commits and lost when it is rolled back.

    Args:
        session: a writing session.
        actor: who did it: `contact`, `assistant`, `worker` or an agent's name.
        action: what was done, in snake_case.
        subject: whom or what it is about: a case reference or a keyed hash, never a name or an address.
        details: further facts as plain data; nothing personal.

    Raises:
        ValueError: something looks like an email address, or the details are no plain data.
    """
    plain = json.loads(json.dumps(dict(details or {})))
    if LOOKS_LIKE_AN_ADDRESS.search(json.dumps([actor, action, subject, plain], ensure_ascii=False)):
        raise ValueError("an audit entry may hold no email address: give a case reference or a keyed hash")
    waiting: list[_Waiting] = session.info.setdefault(WAITING, [])
    waiting.append(_Waiting(now(session), actor, action, subject, plain, _savepoint(session)))


@dataclass(frozen=True)
class Broken:
    """The first link of the chain that does not hold.

    Attributes:
        entry: the entry's id.
        how: a sentence that says what is wrong with it.
    """

    entry: int
    how: str


@dataclass(frozen=True)
class Checked:
    """What a walk along the chain found.

    Attributes:
        entries: how many were read.
        first: the id of the first entry that is kept; those before went by the rule of retention.
        head: the last link, to be noted somewhere else.
        broken: the first broken link; None when the chain is whole.
    """

    entries: int
    first: int
    head: str
    broken: Broken | None


def verify(session: Session) -> int | None:
    """Walk the whole chain.

    Returns:
        None when it is whole, otherwise the id of the first entry that was altered, removed or put in.
    """
    found = check(session).broken
    return None if found is None else found.entry


def check(session: Session, *, progress: Callable[[int], None] | None = None) -> Checked:
    """Walk the whole chain, a few hundred entries in memory at a time, and say what is wrong with it.

    Args:
        session: any session.
        progress: told now and then how many entries were read.
    """
    head = session.get(AuditHead, ONLY_ROW, populate_existing=True)
    first, link = (head.first_id, head.first_link) if head else (1, FIRST_LINK)
    last_id, last_link = (head.last_id, head.hash) if head else (0, FIRST_LINK)
    if head is not None and not _sealed(head):
        how = "the note of where the chain begins was altered: the entries before are gone, not by retention"
        return Checked(0, first, last_link, Broken(first, how))
    expected = first
    for row in session.execute(_in_order().execution_options(yield_per=READ_AT_ONCE)):
        broken = _broken(row, expected, link)
        if broken is not None:
            return Checked(expected - first, first, last_link, broken)
        expected, link = row.id + 1, row.hash
        if progress is not None and (expected - first) % READ_AT_ONCE == 0:
            progress(expected - first)
    count = expected - first
    if last_id >= expected:
        broken = Broken(expected, f"it is missing: the chain ends before entry {last_id}, its last")
    elif last_id < expected - 1:
        broken = Broken(
            max(1, expected - 1), "it was put in behind the end of the chain, or the end was lost"
        )
    elif not same(last_link, link):
        broken = Broken(max(1, expected - 1), "the note of the chain's last link is another one")
    else:
        broken = None
    return Checked(count, first, last_link, broken)


def prune(
    session: Session,
    before: datetime,
    *,
    limit: int,
    keeps: Callable[[Session, set[str]], set[str]],
) -> int:
    """Delete the oldest entries, and seal where the chain begins now; what is left stays provable.

    Args:
        session: a writing session.
        before: entries at or before this instant may go.
        limit: how many at the most.
        keeps: says of some subjects which must be kept; the first entry about one of them ends it.

    Returns:
        How many went.
    """
    head = _locked_head(session)
    oldest = session.execute(_in_order().limit(limit)).all()
    kept = keeps(session, {row.subject for row in oldest})
    gone = list(takewhile(lambda row: row.at <= before and row.subject not in kept, oldest))
    if not gone or gone[-1].id == head.last_id:
        # The chain's last entry stays, so that there is always one to go on from.
        gone = gone[:-1]
    if not gone:
        return 0
    head.first_id, head.first_link = gone[-1].id + 1, gone[-1].hash
    head.seal = _seal(head)
    session.execute(delete(AuditEntry).where(AuditEntry.id <= gone[-1].id))
    session.flush()
    return len(gone)


def holds_by_itself(entry: AuditEntry) -> bool:
    """Whether an entry's own hash fits what stands in it and before it."""
    return same(entry.hash, _link(entry))


def entries_about(session: Session, subject: str) -> list[AuditEntry]:
    """The entries of one case or keyed hash, oldest first."""
    return list(
        session.scalars(select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id))
    )


def count(session: Session) -> int:
    """How many entries there are."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def _in_order() -> Select[_Columns]:
    return select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.actor,
        AuditEntry.action,
        AuditEntry.subject,
        AuditEntry.details,
        AuditEntry.previous_hash,
        AuditEntry.hash,
    ).order_by(AuditEntry.id)


def _broken(row: Row[_Columns], expected: int, link: str) -> Broken | None:
    if row.id != expected:
        return Broken(expected, f"it is missing: entry {row.id} comes next")
    if not same(row.previous_hash, link):
        return Broken(expected, "it does not follow from the entry before: one of the two was altered")
    if not same(row.hash, _link(row)):
        return Broken(expected, "what stands in it is not what was written")
    return None


def _sealed(head: AuditHead) -> bool:
    if not head.seal:
        return head.first_id == 1 and head.first_link == FIRST_LINK
    return same(head.seal, _seal(head))


def _seal(head: AuditHead) -> str:
    return keyed_hash("audit-start", str(head.first_id), head.first_link)


def _link(entry: AuditEntry | Row[_Columns]) -> str:
    content = json.dumps(
        [entry.id, rfc3339(entry.at), entry.actor, entry.action, entry.subject, entry.details],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return keyed_hash("audit", entry.previous_hash, content)


def _locked_head(session: Session) -> AuditHead:
    if session.get(AuditHead, ONLY_ROW) is None:
        # Two transactions may both find no head yet; only one of them makes it.
        with suppress(IntegrityError), session.begin_nested():
            session.add(AuditHead(id=ONLY_ROW, last_id=0, hash=FIRST_LINK))
    return session.get_one(AuditHead, ONLY_ROW, with_for_update=True, populate_existing=True)


def _savepoint(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction()


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(WAITING):
        return
    waiting: list[_Waiting] = session.info.pop(WAITING)
    session.flush()
    head = _locked_head(session)
    for one in waiting:
        entry = AuditEntry(
            id=head.last_id + 1,
            at=one.at.replace(microsecond=one.at.microsecond // 1000 * 1000),
            actor=one.actor,
            action=one.action,
            subject=one.subject,
            details=one.details,
            previous_hash=head.hash,
        )
        entry.hash = _link(entry)
        session.add(entry)
        head.last_id, head.hash = entry.id, entry.hash
    session.flush()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    waiting: list[_Waiting] | None = session.info.get(WAITING)
    if waiting:
        kept = [one for one in waiting if ended.nested and one.savepoint is not ended]
        session.info[WAITING] = kept
