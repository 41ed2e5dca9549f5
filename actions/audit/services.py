"""Writing the audit trail and proving that nobody has touched it.

Entries are chained when their transaction commits, so that the chain's lock is always the last one a
transaction takes, is held for the shortest time, and can take part in no deadlock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, SessionTransaction

from actions.audit.models import AuditEntry, AuditHead
from actions.clock import now
from actions.conversations.log import rfc3339
from actions.vault.cipher import keyed_hash, same

ONLY_ROW = 1
FIRST_LINK = "0" * 64
WAITING = "rightline.audit"
LOOKS_LIKE_AN_ADDRESS = re.compile(r'[^\s@"]@[^\s@"]')


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


def verify(session: Session) -> int | None:
    """Walk the whole chain.

    Returns:
        None when it is whole, otherwise the id of the first entry that was altered, removed or put in.
    """
    expected, link = 1, FIRST_LINK
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)):
        if entry.id != expected or not same(entry.previous_hash, link) or not same(entry.hash, _link(entry)):
            return expected
        expected, link = entry.id + 1, entry.hash
        session.expunge(entry)
    head = session.get(AuditHead, ONLY_ROW, populate_existing=True)
    last_id, last_link = (head.last_id, head.hash) if head else (0, FIRST_LINK)
    if last_id != expected - 1 or not same(last_link, link):
        return expected if last_id >= expected else max(1, expected - 1)
    return None


def entries_about(session: Session, subject: str) -> list[AuditEntry]:
    """The entries of one case or keyed hash, oldest first."""
    return list(
        session.scalars(select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id))
    )


def count(session: Session) -> int:
    """How many entries there are."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def _link(entry: AuditEntry) -> str:
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
