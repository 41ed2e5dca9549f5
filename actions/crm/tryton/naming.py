"""Where in Tryton each of our ideas lives: the names of categories, kinds of relations and mailing lists.

Tryton has fields for most of what the port needs. The rest is kept where Tryton's own people can see and
change it: in categories of parties below one root, and in relations between parties. docs/tryton.md lists it.
"""

from __future__ import annotations

from typing import Final

Path = tuple[str, ...]
"""A category by the names of those above it and its own."""

PARTY: Final = "party.party"
MECHANISM: Final = "party.contact_mechanism"
CATEGORY: Final = "party.category"
RELATION: Final = "party.relation.all"
RELATION_TYPE: Final = "party.relation.type"
LIST: Final = "marketing.email.list"
SUBSCRIPTION: Final = "marketing.email"
SENT: Final = "ir.email"
ATTACHMENT: Final = "ir.attachment"
NOTE: Final = "ir.note"

ROOT: Final = "Privacy"
SEPARATOR: Final = " / "

RESTRICTED: Final[Path] = (ROOT, "Restricted")
REDUCED: Final[Path] = (ROOT, "Reduced")
BOUNCED: Final[Path] = (ROOT, "Email bounced")
SOURCE: Final[Path] = (ROOT, "Source")
WANTED: Final[Path] = (ROOT, "Wants")
UNWANTED: Final[Path] = (ROOT, "Does not want")

COMPANY: Final[Path] = ("Company",)
AGREEMENT: Final[Path] = ("Service agreement",)
NO_PEOPLE: Final = (COMPANY, AGREEMENT)
"""Parties of these categories are not contacts, whatever address they have."""

WORKS_FOR: Final = "works for"
EMPLOYS: Final = "employs"
HELD_FOR: Final = "held for"
"""What is left of `works for` when somebody's company is taken off them and its agreement stays a ground."""
HAS_AGREEMENT: Final = "has agreement"
SIGNED: Final = "signatory of"
KNOWN_RELATIONS: Final = frozenset({WORKS_FOR, HELD_FOR, SIGNED})
"""Those of a person that the port tells in its own words."""
REVERSES: Final = {WORKS_FOR: EMPLOYS}


def preference(topic: str, channel: str) -> str:
    """The last name of a preference's category."""
    return f"{topic} by {channel}"


def preference_of(name: str) -> tuple[str, str] | None:
    """The (topic, channel) that a category's last name means."""
    topic, found, channel = name.rpartition(" by ")
    return (topic, channel) if found and topic and channel else None


# Tryton has one name. A space that nobody types (an en space) shows where the surname begins, where an
# ordinary one would mislead.
BETWEEN: Final = "\u2002"


def whole_name(name: str | None, surname: str | None) -> str | None:
    """Tryton's name of a person; None for nobody's."""
    name, surname = name or "", surname or ""
    if not name and not surname:
        return None
    plain = f"{name} {surname}"
    return plain if name_parts(plain) == (name, surname) else f"{name}{BETWEEN}{surname}"


def name_parts(whole: str | None) -> tuple[str, str]:
    """Name and surname: split at the en space, else after the first word."""
    whole = whole or ""
    name, _, surname = whole.partition(BETWEEN if BETWEEN in whole else " ")
    return name.strip(), surname.strip()
