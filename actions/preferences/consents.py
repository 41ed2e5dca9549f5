"""Records of consent (UK GDPR Art. 7(1)): the wording, the time, the channel, and when it was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases.models import Case, address_hash
from actions.clock import now
from actions.preferences.models import Consent


def record(
    session: Session,
    address: str,
    *,
    topics: Sequence[str],
    channels: Sequence[str],
    wording: str,
    case: Case,
) -> Consent:
    """Record that somebody wants topics over channels; the same case again changes nothing.

    Args:
        session: a writing session.
        address: the proven address; only its keyed hash is kept.
        topics: what they agreed to get.
        channels: over which channels.
        wording: the words they agreed to.
        case: the request in which they did.
    """
    known = session.scalar(select(Consent).where(Consent.case_id == case.id))
    if known is not None:
        return known
    consent = Consent(
        case_id=case.id,
        address_hash=address_hash(address),
        topics=sorted(topics),
        channels=sorted(channels),
        wording=wording,
        given_over=case.channel,
        given_at=now(session),
    )
    session.add(consent)
    session.flush()
    audit.record(session, actor="contact", action="consent_given", subject=case.reference)
    return consent


def withdraw(
    session: Session, address: str, *, topics: Sequence[str], channels: Sequence[str], case: Case
) -> int:
    """Note that consent was withdrawn, as far as it concerned these topics and channels.

    A consent that went further goes on for the rest, as a record of its own with the same words and time.

    Returns:
        How many records it touched.
    """
    touched = 0
    for consent in standing(session, address):
        if not (set(consent.topics) & set(topics) and set(consent.channels) & set(channels)):
            continue
        touched += 1
        consent.withdrawn_at, consent.withdrawn_case_id = now(session), case.id
        rest = [name for name in consent.topics if name not in topics]
        if rest:
            session.add(
                Consent(
                    case_id=consent.case_id,
                    address_hash=consent.address_hash,
                    topics=rest,
                    channels=consent.channels,
                    wording=consent.wording,
                    given_over=consent.given_over,
                    given_at=consent.given_at,
                )
            )
    session.flush()
    if touched:
        audit.record(session, actor="contact", action="consent_withdrawn", subject=case.reference)
    return touched


def standing(session: Session, address: str) -> list[Consent]:
    """The consents of an address that were not withdrawn, oldest first."""
    return list(
        session.scalars(
            select(Consent)
            .where(Consent.address_hash == address_hash(address), Consent.withdrawn_at.is_(None))
            .order_by(Consent.id)
        )
    )
