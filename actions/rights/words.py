"""Small words that several rights need."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions.crm.interfaces import Holdings
from actions.recipients import services as recipients
from actions.wording import phrase


def listing(parts: Sequence[str]) -> str:
    """Things in a row, as people write them."""
    if len(parts) < 2:
        return parts[0] if parts else phrase("held.nothing")
    return phrase("listing", first=", ".join(parts[:-1]), last=parts[-1])


def called(holdings: Holdings) -> str:
    """What to call a contact."""
    return holdings.contact.first_name or phrase("someone")


def recipients_in_words(session: Session, contact_id: str) -> list[str]:
    """Everybody who was given a contact's details, by name, with what they do with them (Art. 15(1)(c))."""
    return [
        phrase("recipient.named", name=one.name, does=one.does) if one.does else one.name
        for one in recipients.of_contact(session, contact_id)
    ]
