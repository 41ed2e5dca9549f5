"""Small words that several rights need."""

from __future__ import annotations

from collections.abc import Sequence

from actions.crm.interfaces import Holdings
from actions.wording import phrase


def listing(parts: Sequence[str]) -> str:
    """Things in a row, as people write them."""
    if len(parts) < 2:
        return parts[0] if parts else phrase("held.nothing")
    return phrase("listing", first=", ".join(parts[:-1]), last=parts[-1])


def called(holdings: Holdings) -> str:
    """What to call a contact."""
    return holdings.contact.first_name or phrase("someone")
