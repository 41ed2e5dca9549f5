"""A look behind the scenes, for scripts and for people who show the demo."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session


def state(session: Session) -> dict[str, Any]:
    """Contacts, cases, preferences, suppression and tasks as they are now."""
    from actions.crm import demo as crm

    contacts = crm.state(session)
    return {
        "contacts": contacts,
        "preferences": {name: contact.get("preferences", {}) for name, contact in contacts.items()},
        "cases": [],
        "suppression": [],
        "tasks": [],
    }
