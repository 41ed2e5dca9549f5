"""What Tryton is given to write: the values of a party, and orders for the records that hang on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.crm.interfaces import FieldName, NewContact
from actions.crm.tryton import naming
from actions.crm.tryton.mapping import GONE, TELEPHONES, Mechanism, Party


def party_values(fields: Mapping[FieldName, str]) -> dict[str, Any]:
    """What to make a party of; its company is a relation, and not among it."""
    mechanisms = [{"type": "email", "value": fields["email"].lower()}] if fields.get("email") else []
    mechanisms += [
        {"type": kind, "value": fields[name]} for name, kind in TELEPHONES.items() if name in fields
    ]
    return {
        "name": naming.whole_name(fields.get("name"), fields.get("surname")),
        "contact_mechanisms": [["create", mechanisms]],
        "addresses": [],
    }


def categories_of(contact: NewContact) -> list[naming.Path]:
    """The categories that a new contact's source and unwanted preferences come to."""
    paths: list[naming.Path] = [(*naming.UNWANTED, naming.preference(*key)) for key in contact.unwanted]
    return [*paths, (*naming.SOURCE, contact.source)] if contact.source else paths


def blanks(party: Party) -> dict[str, Any]:
    """What to write into a party before Tryton's wizard runs.

    The wizard overwrites the values of mechanisms and identifiers, and forgets the second form of each that
    Tryton keeps for searching (`value_compact`, `code_compact`). Writing the value itself renews both.
    """
    mechanism = {"type": "other", "value": GONE, "name": None, "comment": None}
    values: dict[str, Any] = {}
    if categories := list(party.categories.values()):
        values["categories"] = [["remove", categories]]
    if mechanisms := [each.id for each in party.mechanisms if each.value != GONE]:
        values["contact_mechanisms"] = [["write", mechanisms, mechanism]]
    if identifiers := [identifier for identifier, _kind, code in party.identifiers if code != GONE]:
        values["identifiers"] = [["write", identifiers, {"type": None, "code": GONE}]]
    # Done already, and cut off before the wizard came to its end: nothing is left to be written.
    return values | {"active": False, "lang": None} if values or party.active else {}


def replaced(old: Mechanism | None, kind: str, value: str) -> list[Any]:
    """Orders that leave `value` as the first mechanism of a kind; none where it is so already."""
    if not value:
        return [["delete", [old.id]]] if old else []
    if old is None:
        return [["create", [{"type": kind, "value": value}]]]
    return [] if old.value == value else [["write", [old.id], {"value": value}]]


def deleted(ids: Iterable[int]) -> list[Any]:
    """Orders that delete records; none where there are none."""
    found = list(ids)
    return [["delete", found]] if found else []
