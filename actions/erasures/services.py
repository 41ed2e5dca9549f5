"""Recording erasures, and planning the steps that make one real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.models import Case, address_hash
from actions.clock import now
from actions.crm.interfaces import Crm, FieldName, Holdings
from actions.erasures.models import BY_THE_CRM, DeferredErasure, Erasure
from actions.fulfilment.services import plan_step
from actions.recipients import services as recipients


@dataclass(frozen=True)
class Addresses:
    """A contact's email addresses.

    Attributes:
        own: those nobody else on file uses.
        shared: those that others use too.
    """

    own: tuple[str, ...]
    shared: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both."""
        return self.own + self.shared


def addresses_of(crm: Crm, holdings: Holdings) -> Addresses:
    """A contact's addresses, told apart by whether somebody else on file uses them."""
    contact = holdings.contact
    every = dict.fromkeys(
        address.strip().lower() for address in (contact.email, *contact.other_emails) if address.strip()
    )
    shared = tuple(
        address for address in every if any(other.id != contact.id for other in crm.find_by_email(address))
    )
    return Addresses(tuple(address for address in every if address not in shared), shared)


def plan_erasure(
    session: Session,
    crm: Crm,
    case: Case,
    holdings: Holdings,
    *,
    keep: Sequence[FieldName] = (),
    ground: str | None = None,
    review_on: date | None = None,
    key: str = "",
) -> Addresses:
    """Plan all that makes an erasure real, in order, before anybody is told that it is done.

    The suppression list, a record of the erasure inside and outside the database, the CRM, the helpdesk, a
    look at the CRM afterwards, and everybody who was given the data. The letter, the words in the
    conversation and `plan_forgetting` are for the caller to plan after them.

    Args:
        session: the transaction of the decision; steps and decision stand or fall together.
        crm: for reading only.
        case: the case the steps belong to.
        holdings: what is held on the contact.
        keep: the fields that a ground keeps; everything goes when there are none.
        ground: what keeps them.
        review_on: when the ground is expected to end; None when nobody knows.
        key: put into the steps' keys, where one case erases twice: at first what it may, later the rest.

    Returns:
        The contact's addresses, for `plan_forgetting`.
    """
    contact = holdings.contact
    addresses = addresses_of(crm, holdings)
    name = f"{contact.fields.get('name', '')} {contact.fields.get('surname', '')}"
    effect: dict[str, Any] = {"contact_id": contact.id, "keep": list(keep)}
    reference = case.reference
    record = effect | {
        "reference": reference,
        "ground": ground,
        "review_on": review_on.isoformat() if review_on else None,
        "hashes": [address_hash(address) for address in addresses.own],
    }
    suppression = {
        "own": list(addresses.own),
        "shared": list(addresses.shared),
        "name": name,
        "reason": "erasure",
        "reference": reference,
    }
    steps: list[tuple[str, dict[str, Any]]] = [
        ("suppress", suppression),
        ("record_erasure", record),
        ("save_ledger", {}),
        ("crm_reduce" if keep else "crm_erase", effect),
    ]
    if not keep:
        steps.append(("helpdesk_anonymise", {"addresses": list(addresses.own)}))
    steps += [("crm_prove_erasure", effect), ("wipe_disk", {})]
    for kind, payload in steps:
        plan_step(session, kind=kind, payload=payload, key=f"case:{case.id}:{key}{kind}", case=case)
    recipients.plan_notices(session, case, contact.id, "erasure", addresses=addresses.all, kept=keep, key=key)
    return addresses


def record(
    session: Session,
    *,
    key: str,
    reference: str,
    contact_id: str,
    keep: Sequence[str],
    hashes: Sequence[str] = (),
    at: datetime | None = None,
) -> Erasure:
    """Remember an erasure; the same key again changes nothing.

    Args:
        session: a writing session.
        key: names it for good.
        reference: the case that decided it.
        contact_id: the CRM's id of the contact.
        keep: the CRM fields that a ground keeps.
        hashes: keyed hashes of the addresses that were theirs alone.
        at: when; now by default.
    """
    known = session.scalar(select(Erasure).where(Erasure.key == key))
    if known is None:
        known = Erasure(
            key=key,
            case_reference=reference,
            contact_id=contact_id,
            keep=list(keep),
            hashes=list(hashes),
            at=at or now(session),
        )
        session.add(known)
        session.flush()
    return known


def defer(session: Session, case: Case, *, contact_id: str, ground: str, review_on: date | None) -> None:
    """Remember what a ground keeps, to be erased when it ends.

    The CRM is asked every day whether an agreement has ended; the end of any other ground is a date on which
    a person gets a task.
    """
    if ground != BY_THE_CRM:
        case.review_on = review_on
    row = session.scalar(select(DeferredErasure).where(DeferredErasure.case_id == case.id))
    if row is None:
        session.add(
            DeferredErasure(
                case_id=case.id,
                contact_id=contact_id,
                ground=ground,
                review_on=review_on,
                state="waiting",
                look_at=now(session),
            )
        )
        session.flush()
