"""What follows from a decision, right by right: the change, the look afterwards, and whoever must be told.

Each function plans steps of a case, in the transaction of the decision. The receipt by mail and the words in
the conversation are the caller's to plan after them, so that nothing is said before it is so. Erasure has a
plan of its own: `actions.erasures.services.plan_erasure`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.crm.interfaces import ContactRecord, FieldName
from actions.fulfilment.services import plan_step
from actions.recipients import services as recipients
from actions.recipients.interfaces import About


def plan_rectification(
    session: Session, case: Case, contact: ContactRecord, changes: Mapping[FieldName, str]
) -> None:
    """Correct fields of a contact, make sure, and tell every recipient (UK GDPR Art. 16 and 19).

    Args:
        session: a writing session.
        case: the case that asked for it.
        contact: as it is now: recipients know it by its present address.
        changes: the new values; a new email address must have been verified itself.
    """
    payload: dict[str, Any] = {
        "contact_id": contact.id,
        "changes": {str(name): value for name, value in changes.items()},
    }
    _plan(session, case, ("crm_rectify", "crm_prove_rectification"), payload)
    recipients.plan_notices(
        session, case, contact.id, "rectification", addresses=_addresses(contact), changes=payload["changes"]
    )


def plan_restriction(session: Session, case: Case, contact: ContactRecord, *, restricted: bool) -> None:
    """Set or lift a restriction, make sure, and tell every recipient (UK GDPR Art. 18 and 19).

    Args:
        session: a writing session.
        case: the case that asked for it.
        contact: whom it is about.
        restricted: True sets it, False lifts it; the contact is told before it is lifted (Art. 18(3)).
    """
    payload = {"contact_id": contact.id, "restricted": restricted}
    suffix = "" if restricted else ":lifted"
    _plan(session, case, ("crm_restrict", "crm_prove_restriction"), payload, suffix)
    about: About = "restriction" if restricted else "restriction_lifted"
    recipients.plan_notices(session, case, contact.id, about, addresses=_addresses(contact))


def plan_preferences(
    session: Session,
    case: Case,
    *,
    topics: Sequence[str],
    channels: Sequence[str],
    wanted: bool,
    address: str | None = None,
    contact_id: str | None = None,
    key: str = "",
) -> None:
    """Set topics by channels, of one contact or of everybody who uses an address, and make sure.

    Args:
        session: a writing session.
        case: the case that asked for it.
        topics: which topics.
        channels: over which channels.
        wanted: whether they are wanted from now on.
        address: whoever uses it, on file or not; those who send marketing for us are told when it is stopped.
        contact_id: the one contact who is meant, where it is known.
        key: put into the steps' keys, where one case sets preferences more than once.
    """
    payload = {
        "address": address,
        "contact_id": contact_id,
        "topics": list(topics),
        "channels": list(channels),
        "wanted": wanted,
    }
    _plan(session, case, ("crm_set_preferences", "crm_prove_preferences"), payload, key and f":{key}")
    if address is not None and not wanted:
        recipients.plan_marketing_notices(session, case, address)


def _plan(
    session: Session, case: Case, kinds: Sequence[str], payload: Mapping[str, object], suffix: str = ""
) -> None:
    for kind in kinds:
        plan_step(session, kind=kind, payload=payload, key=f"case:{case.id}:{kind}{suffix}", case=case)


def _addresses(contact: ContactRecord) -> list[str]:
    return [address for address in (contact.email, *contact.other_emails) if address]
