"""The record of disclosures by contact, and planning what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases.models import Case
from actions.clock import now
from actions.crm.interfaces import FIELD_NAMES, FieldName
from actions.fulfilment.services import plan_step
from actions.recipients.interfaces import About, Disclosed, NoticeState, Outcome, Recipient, Recipients
from actions.recipients.models import Disclosure, RecipientNotice
from actions.wording.services import load


@lru_cache(maxsize=1)
def known() -> Mapping[str, Recipient]:
    """Everybody who is given contacts' details, by id (`data/recipients.yml`)."""
    return load("recipients.yml", Recipients).recipients


def record(session: Session, contact_id: str, recipient: str) -> None:
    """Note that a recipient was given a contact's details, now.

    Args:
        session: a writing session.
        contact_id: the CRM's id of the contact.
        recipient: an id of `recipients.yml`.

    Raises:
        ValueError: there is no such recipient.
    """
    found = known().get(recipient)
    if found is None:
        raise ValueError(f"there is no recipient '{recipient}' in data/recipients.yml")
    at = now(session)
    row = session.scalar(
        select(Disclosure).where(Disclosure.contact_id == contact_id, Disclosure.recipient == recipient)
    )
    if row is None:
        row = Disclosure(contact_id=contact_id, recipient=recipient, fields=[], first_at=at, last_at=at)
        session.add(row)
    row.fields = sorted({*row.fields, *found.receives})
    row.last_at = at
    session.flush()


def of_contact(session: Session, contact_id: str) -> list[Disclosed]:
    """Everybody who was given a contact's details, to be named to the contact who asks (UK GDPR Art. 19).

    Those whom every contact's details reach come first; then the others, the earliest first. A recipient that
    `recipients.yml` does not know any more is named by its id, for it may have a copy still.
    """
    rows = session.scalars(
        select(Disclosure).where(Disclosure.contact_id == contact_id).order_by(Disclosure.first_at)
    ).all()
    standing = [
        _disclosed(name, found, found.receives, None)
        for name, found in known().items()
        if found.given == "everybody"
    ]
    named = {one.id for one in standing}
    return standing + [
        _disclosed(row.recipient, known().get(row.recipient), _fields(row.fields), row)
        for row in rows
        if row.recipient not in named
    ]


def forget(session: Session, contact_id: str) -> None:
    """Delete the record of an erased contact's disclosures, once everybody was told."""
    session.execute(delete(Disclosure).where(Disclosure.contact_id == contact_id))


def plan_notices(
    session: Session,
    case: Case,
    contact_id: str,
    about: About,
    *,
    addresses: Sequence[str],
    changes: Mapping[str, str] | None = None,
    kept: Sequence[FieldName] = (),
    key: str = "",
) -> int:
    """Plan a step for each recipient of a contact's details: to tell them, and note what came of it.

    Args:
        session: a writing session.
        case: the case the change belongs to; the steps wait for its earlier ones.
        contact_id: the CRM's id of the contact.
        about: what happened to the data.
        addresses: by which the recipient can find the contact; encrypted, and destroyed when told.
        changes: what was corrected, by field; a recipient is told of the fields it was given only.
        kept: what an erasure leaves for now: a recipient may keep of it what they were given.
        key: put into the steps' keys, where one case tells of the same thing twice.

    Returns:
        How many recipients there are.
    """
    disclosed = of_contact(session, contact_id)
    for one in disclosed:
        told = {str(name): value for name, value in (changes or {}).items() if name in one.what}
        staying = [name for name in kept if name in one.what]
        _plan(session, case, one.id, about, addresses, told, staying, key)
    return len(disclosed)


def plan_marketing_notices(session: Session, case: Case, address: str) -> int:
    """Tell those who send marketing for us that an address must get no more, on file or not.

    Everybody of them is told, without a look at who was given what, so that nothing depends on whether the
    address is on file.
    """
    senders = [name for name, found in known().items() if found.marketing]
    for name in senders:
        _plan(session, case, name, "marketing_objection", [address])
    return len(senders)


def outcomes(session: Session, case: Case) -> list[Outcome]:
    """What came of telling each recipient, for the case's record and for the contact who asks."""
    rows = session.scalars(
        select(RecipientNotice).where(RecipientNotice.case_id == case.id).order_by(RecipientNotice.id)
    )
    return [
        Outcome(row.id, row.recipient, name_of(row.recipient), row.about, row.state, row.at, row.note)
        for row in rows
    ]


def note_outcome(session: Session, notice_id: int, state: NoticeState, *, by: str, note: str = "") -> None:
    """Note what came of telling a recipient.

    Args:
        session: a writing session.
        notice_id: which notice.
        state: what came of it; `confirmed` and `impossible` are for people to note.
        by: `worker`, or an agent's name.
        note: why, without personal data.

    Raises:
        LookupError: there is no such notice.
    """
    row = session.get(RecipientNotice, notice_id, with_for_update=True)
    if row is None:
        raise LookupError(f"there is no notice {notice_id}")
    if (row.state, row.by, row.note) == (state, by, note[:200]):
        return
    row.state, row.at, row.by, row.note = state, now(session), by, note[:200]
    case = session.get_one(Case, row.case_id)
    audit.record(
        session,
        actor=by,
        action=f"recipient_{state}",
        subject=case.reference,
        details={"recipient": row.recipient, "about": row.about},
    )


def name_of(recipient: str) -> str:
    """A recipient's name; its id when `recipients.yml` does not know it any more."""
    found = known().get(recipient)
    return found.name if found else recipient


def _plan(
    session: Session,
    case: Case,
    recipient: str,
    about: About,
    addresses: Sequence[str],
    changes: Mapping[str, str] = MappingProxyType({}),
    kept: Sequence[FieldName] = (),
    key: str = "",
) -> None:
    row = session.scalar(
        select(RecipientNotice).where(
            RecipientNotice.case_id == case.id,
            RecipientNotice.recipient == recipient,
            RecipientNotice.about == about,
        )
    )
    if row is None:
        row = RecipientNotice(
            case_id=case.id, recipient=recipient, about=about, state="to_tell", planned_at=now(session)
        )
        session.add(row)
        session.flush()
    plan_step(
        session,
        kind="tell_recipient",
        payload={
            "notice": row.id,
            "recipient": recipient,
            "about": about,
            "reference": case.reference,
            "addresses": list(addresses),
            "changes": dict(changes),
            "kept": list(kept),
        },
        key=f"case:{case.id}:{key}recipient:{recipient}:{about}",
        case=case,
    )


def _disclosed(
    recipient: str, found: Recipient | None, what: Sequence[FieldName], row: Disclosure | None
) -> Disclosed:
    return Disclosed(
        recipient,
        found.name if found else recipient,
        found.does if found else "",
        found.role if found else "",
        found.section if found else "10",
        tuple(what),
        row.first_at if row else None,
    )


def _fields(names: Sequence[str]) -> tuple[FieldName, ...]:
    return tuple(name for name in FIELD_NAMES if name in names)
