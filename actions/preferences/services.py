"""Suppressing an address and lifting it again (UK GDPR Art. 21(2)-(3): absolute and immediate)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.clock import now
from actions.preferences import fingerprints
from actions.preferences.fingerprints import AddressKind
from actions.preferences.models import Suppression

__all__ = ["AddressKind", "fingerprint"]


@dataclass(frozen=True)
class Standing:
    """What the suppression list says of an address.

    Attributes:
        topics: what it must not be sent.
        erased_at: when the person behind it was erased on request; None when that did not happen.
        case_reference: the case of the newest entry.
    """

    topics: frozenset[str] = frozenset()
    erased_at: datetime | None = None
    case_reference: str | None = None


def fingerprint(kind: AddressKind, address: str) -> str:
    """The keyed fingerprint an address is suppressed by; itself personal data while we hold the key."""
    return fingerprints.current(kind, address).mark


def suppress(
    session: Session,
    kind: AddressKind,
    address: str,
    *,
    topics: Sequence[str],
    reason: str,
    case_reference: str | None = None,
) -> Suppression:
    """Stop these topics for an address, whether anybody on file uses it or not.

    Args:
        session: a writing session.
        kind: what sort of address it is.
        address: normalised: lower-case email, or E.164 telephone number.
        topics: what to stop; added to what is stopped already.
        reason: `objection` or `erasure`.
        case_reference: the case that asked for it.
    """
    row = _row(session, kind, address) or _added(session, kind, address, reason=reason)
    still = [] if row.lifted_at is not None else row.topics
    row.topics = sorted({*still, *topics})
    row.reason = reason
    row.case_reference = case_reference
    row.lifted_at = None
    row.saved_at = None
    session.flush()
    return row


def remember_erased(
    session: Session, kind: AddressKind, *parts: str, case_reference: str, at: datetime | None = None
) -> Suppression:
    """Remember that the person behind an address was erased, so that no import brings them back.

    Args:
        session: a writing session.
        kind: `email`; or `person` for an address that others use too, with the erased person's name.
        parts: the address, and for `person` the name.
        case_reference: the case that erased them.
        at: when; now by default.
    """
    row = _row(session, kind, *parts) or _added(session, kind, *parts, reason="erasure")
    row.erased_at = at or now(session)
    row.case_reference = case_reference
    row.saved_at = None
    session.flush()
    return row


def lift(session: Session, kind: AddressKind, address: str, *, topics: Sequence[str] = ()) -> bool:
    """Allow marketing to an address again; says whether it was suppressed.

    Args:
        session: a writing session.
        kind: what sort of address it is.
        address: normalised, as for `suppress`.
        topics: only these; all of them when left out.
    """
    row = _row(session, kind, address)
    if row is None or row.lifted_at is not None:
        return False
    left = [name for name in row.topics if name not in topics] if topics else []
    if left:
        row.topics = left
    else:
        row.lifted_at = now(session)
    row.saved_at = None
    return True


def allow_again(session: Session, kind: AddressKind, *parts: str, by: str, reason: str) -> bool:
    """Let an erased person be added again, because they want to be: a new customer, say.

    Args:
        session: a writing session.
        kind: as in `remember_erased`.
        parts: as in `remember_erased`.
        by: the name of the person who decides it.
        reason: why, without personal data; it goes into the audit trail.

    Returns:
        Whether they were blocked.
    """
    row = _row(session, kind, *parts)
    if row is None or row.erased_at is None:
        return False
    row.erased_at = None
    row.saved_at = None
    audit.record(
        session,
        actor=by,
        action="erased_person_allowed",
        subject=row.case_reference or f"suppression-{row.id}",
        details={"reason": reason},
    )
    return True


def suppressed_topics(session: Session, kind: AddressKind, address: str) -> frozenset[str]:
    """The topics an address must not be sent."""
    return standing(session, kind, address).topics


def standing(session: Session, kind: AddressKind, *parts: str) -> Standing:
    """All that the suppression list says of an address, or of a person at a shared one."""
    row = _row(session, kind, *parts)
    if row is None:
        return Standing()
    topics = frozenset() if row.lifted_at is not None else frozenset(row.topics)
    return Standing(topics, row.erased_at, row.case_reference)


def by_key(session: Session) -> dict[str, int]:
    """How many fingerprints each key made: a key may go once it made none that is left."""
    rows = session.execute(select(Suppression.key_id, func.count()).group_by(Suppression.key_id))
    return {row[0]: row[1] for row in rows}


def _row(session: Session, kind: AddressKind, *parts: str) -> Suppression | None:
    """The entry of an address, whichever key made it; from then on it is the newest key's."""
    marks = fingerprints.fingerprints(kind, *parts)
    rows = session.scalars(
        select(Suppression).where(Suppression.fingerprint.in_([one.mark for one in marks]))
    ).all()
    if not rows:
        return None
    order = {one.mark: position for position, one in enumerate(marks)}
    row = min(rows, key=lambda found: order[found.fingerprint])
    if row.fingerprint != marks[0].mark and session.connection().get_execution_options().get(
        "rightline_write", False
    ):
        row.details = row.details | {"replaces": [*row.details.get("replaces", []), row.fingerprint]}
        row.fingerprint, row.key_id, row.saved_at = marks[0].mark, marks[0].key_id, None
        session.flush()
    return row


def _added(session: Session, kind: AddressKind, *parts: str, reason: str) -> Suppression:
    made = fingerprints.current(kind, *parts)
    row = Suppression(
        kind=kind,
        fingerprint=made.mark,
        key_id=made.key_id,
        topics=[],
        reason=reason,
        since=now(session),
        details={},
    )
    session.add(row)
    return row
