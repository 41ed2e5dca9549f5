"""Suppressing an address and lifting it again (UK GDPR Art. 21(2)-(3): absolute and immediate)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.preferences.models import Suppression
from actions.vault.cipher import keyed_hash

AddressKind = Literal["email", "phone"]


def fingerprint(kind: AddressKind, address: str) -> str:
    """The keyed fingerprint an address is suppressed by; itself personal data while we hold the key."""
    return keyed_hash("suppression", kind, address.lower())


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
    mark = fingerprint(kind, address)
    row = session.scalar(select(Suppression).where(Suppression.fingerprint == mark))
    if row is None:
        row = Suppression(
            kind=kind, fingerprint=mark, topics=[], reason=reason, since=now(session), details={}
        )
        session.add(row)
    still = [] if row.lifted_at is not None else row.topics
    row.topics = sorted({*still, *topics})
    row.reason = reason
    row.case_reference = case_reference
    row.lifted_at = None
    session.flush()
    return row


def lift(session: Session, kind: AddressKind, address: str) -> bool:
    """Allow marketing to an address again; says whether it was suppressed."""
    row = session.scalar(
        select(Suppression).where(
            Suppression.fingerprint == fingerprint(kind, address), Suppression.lifted_at.is_(None)
        )
    )
    if row is None:
        return False
    row.lifted_at = now(session)
    return True


def suppressed_topics(session: Session, kind: AddressKind, address: str) -> frozenset[str]:
    """The topics an address must not be sent."""
    row = session.scalar(
        select(Suppression).where(
            Suppression.fingerprint == fingerprint(kind, address), Suppression.lifted_at.is_(None)
        )
    )
    return frozenset() if row is None else frozenset(row.topics)
