"""Legal hold: an order to keep, which stops erasure and retention (UK GDPR Art. 17(3)(e), 18(2))."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases.interfaces import ChangeRefused
from actions.cases.models import Case, LegalHold, address_hash
from actions.cases.states import require_agent
from actions.clock import now
from actions.vault.cipher import keyed_hash


def place_hold(
    session: Session,
    *,
    by: str,
    reason: str,
    case: Case | None = None,
    contact_id: str | None = None,
    address: str | None = None,
) -> LegalHold:
    """Order that nothing of a case, a contact or an address is erased or expires until the hold is lifted.

    A hold on a case covers its contact and its address too, and so their other cases.

    Args:
        session: a writing session.
        by: the agent's name.
        reason: why, for those who look later; kept encrypted.
        case: the case, read in this session.
        contact_id: the CRM's id of a contact.
        address: an address.

    Raises:
        ChangeRefused: not by a person, no reason, or nothing to hold.
    """
    name = require_agent(by, "place a legal hold")
    if not reason.strip():
        raise ChangeRefused("Give a reason for the hold: who asked for it, and what about.")
    if case is None and contact_id is None and address is None:
        raise ChangeRefused("Say what to hold: a case, a contact or an address.")
    hold = LegalHold(
        case_id=case.id if case else None,
        contact_id=contact_id or (case.contact_id if case else None),
        address_hash=address_hash(address) if address else (case.address_hash if case else None),
        reason=reason.strip(),
        placed_at=now(session),
        placed_by=name,
    )
    session.add(hold)
    session.flush()
    record(session, actor=name, action="hold_placed", subject=_subject(hold, case), details={"hold": hold.id})
    return hold


def lift_hold(session: Session, hold: LegalHold, *, by: str) -> None:
    """End a hold; again has no further effect.

    Raises:
        ChangeRefused: not by a person.
    """
    name = require_agent(by, "lift a legal hold")
    if hold.lifted_at is not None:
        return
    hold.lifted_at, hold.lifted_by = now(session), name
    session.flush()
    case = session.get(Case, hold.case_id) if hold.case_id is not None else None
    record(session, actor=name, action="hold_lifted", subject=_subject(hold, case), details={"hold": hold.id})


def standing_holds(session: Session) -> list[LegalHold]:
    """Every hold that stands, oldest first."""
    return list(
        session.scalars(select(LegalHold).where(LegalHold.lifted_at.is_(None)).order_by(LegalHold.id))
    )


def holds_of(session: Session, case: Case) -> list[LegalHold]:
    """The holds that stand over a case: its own, its contact's and its address's."""
    same = [LegalHold.case_id == case.id]
    if case.contact_id is not None:
        same.append(LegalHold.contact_id == case.contact_id)
    if case.address_hash is not None:
        same.append(LegalHold.address_hash == case.address_hash)
    return list(session.scalars(_standing().where(or_(*same)).order_by(LegalHold.id)))


def on_hold(session: Session, case: Case) -> bool:
    """Whether a hold stands over a case."""
    return bool(holds_of(session, case))


def stands(
    session: Session, *, contact_id: str | None = None, address: str | None = None, hashed: str | None = None
) -> bool:
    """Whether a hold keeps what is about somebody.

    Args:
        session: any session.
        contact_id: the CRM's id of the contact.
        address: an address of theirs.
        hashed: the keyed hash of one, where the address itself is not known any more (`Case.address_hash`).
    """
    hashes = [mark for mark in (hashed, address_hash(address) if address else None) if mark]
    about = or_(
        LegalHold.contact_id == contact_id if contact_id else false(),
        LegalHold.address_hash.in_(hashes) if hashes else false(),
    )
    return session.scalar(_standing().where(about).limit(1)) is not None


def held_case() -> ColumnElement[bool]:
    """The condition, for a query of cases, that a hold stands over them."""
    same = or_(
        LegalHold.case_id == Case.id,
        LegalHold.contact_id == Case.contact_id,
        LegalHold.address_hash == Case.address_hash,
    )
    return select(LegalHold.id).where(LegalHold.lifted_at.is_(None), same).exists()


def _standing() -> Select[LegalHold]:
    return select(LegalHold).where(LegalHold.lifted_at.is_(None))


def _subject(hold: LegalHold, case: Case | None) -> str:
    if case is not None:
        return case.reference
    return hold.address_hash or keyed_hash("contact", hold.contact_id or "")
