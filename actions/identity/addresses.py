"""What an address looks like, and whom it stands for."""

from __future__ import annotations

from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from actions.crm.interfaces import ContactRecord, Crm
from actions.identity.interfaces import Doubt, Resolution
from actions.vault.cipher import keyed_hash
from actions.wording.services import identity_rules


def well_formed(text: str) -> str | None:
    """The address in the form we compare by, or None when it is none."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def address_hash(address: str) -> str:
    """The keyed fingerprint of a normalised address."""
    return keyed_hash("address", address.lower())


def resolve(crm: Crm, address: str, at: datetime) -> Resolution:
    """Whom a proven address stands for, and whether a person must look first.

    A work mailbox is not a person: role addresses, shared ones, those of leavers, bounced and recently
    changed ones step up to an agent (rules: "Who is asking").
    """
    contacts = list(crm.find_by_email(address))
    candidates = tuple(contact.id for contact in contacts)
    if not contacts:
        return Resolution(None)
    doubt = _doubt(contacts, address, at)
    return Resolution(None if doubt else contacts[0], candidates, doubt)


def _doubt(contacts: list[ContactRecord], address: str, at: datetime) -> Doubt | None:
    rules = identity_rules()
    contact = contacts[0]
    if len(contacts) > 1:
        return "shared"
    if address.partition("@")[0].lower() in rules.role_addresses:
        return "role"
    if contact.has_left:
        return "left"
    if contact.email_bounced:
        return "bounced"
    settled = timedelta(days=rules.address_settled_days)
    changed = contact.email_changed_at
    return "recently_changed" if changed is not None and at - changed < settled else None
