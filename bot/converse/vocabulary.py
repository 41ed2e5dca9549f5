"""The words that scripts may use: those of the contract, and those the data folder adds."""

from __future__ import annotations

from typing import Any, get_args

from actions.cases.interfaces import CASE_STATES, RIGHTS
from actions.conversations.interfaces import AskedField
from actions.crm.interfaces import FIELD_NAMES, ContactState
from actions.wording.services import choices, read_yaml, topics


def known_words() -> dict[str, tuple[str, ...]]:
    """By the name of a definition in `schema.json`, the words it allows."""
    return {
        "choice": tuple(sorted({key.partition(".")[0] for key in choices()})),
        "field": get_args(AskedField),
        "right": RIGHTS,
        "case_state": CASE_STATES,
        "contact_state": get_args(ContactState),
        "contact": tuple(demo_contacts()),
        "topic": tuple(topics().topics),
        "channel": tuple(topics().channels),
        "crm_field": FIELD_NAMES,
    }


def demo_contacts() -> dict[str, dict[str, Any]]:
    """The demo's contacts by id, as `data/demo/contacts.yml` has them."""
    contacts: dict[str, dict[str, Any]] = read_yaml("demo/contacts.yml")["contacts"]
    return contacts
