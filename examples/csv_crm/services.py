"""The port over the file. What a file cannot hold (emails, agreements) is answered with nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from actions.clock import now
from actions.crm.interfaces import (
    FIELD_NAMES,
    ContactRecord,
    ContactState,
    Email,
    FieldName,
    Holdings,
    NewContact,
    Place,
)
from actions.database import Database, get_database
from examples.csv_crm.storage import Row, Sheet


class CsvCrm:
    """One row a contact. Every change reads the file, changes rows, and writes it: all or nothing."""

    def __init__(self, sheet: Sheet, database: Database | None = None) -> None:
        """Connect.

        Args:
            sheet: the file.
            database: for the clock, which tests and demos move; Rightline's own by default.
        """
        self._sheet = sheet
        self._database = database or get_database()

    def find_by_email(self, email: str) -> Sequence[ContactRecord]:
        """Every contact that uses the address, in the order they were added."""
        address = email.strip().lower()
        if not address:
            return []
        found = [row for row in self._sheet.rows() if address in _addresses(row)]
        return sorted(map(_record, found), key=_place)

    def get(self, contact_id: str) -> ContactRecord | None:
        """A contact by id."""
        row = _find(self._sheet.rows(), contact_id)
        return None if row is None else _record(row)

    def holdings(self, contact_id: str) -> Holdings | None:
        """All that is held on a contact."""
        row = _find(self._sheet.rows(), contact_id)
        return None if row is None else Holdings(_record(row), preferences=_preferences(row))

    def tracked_emails(self, contact_id: str) -> Sequence[Email]:
        """None: there are no emails in this file. Name the mail server in data/sources.yml instead."""
        return []

    def set_preferences(self, contact_id: str, changes: Mapping[tuple[str, str], bool]) -> None:
        """Set preferences; a contact that is gone has none to set."""
        with self._sheet.changing() as rows:
            row = _find(rows, contact_id)
            if row is not None:
                row["preferences"] = _as_text({**_preferences(row), **changes})

    def rectify(self, contact_id: str, changes: Mapping[FieldName, str]) -> None:
        """Replace fields; a new address is remembered with its date."""
        with self._sheet.changing() as rows:
            row = _find(rows, contact_id)
            if row is None:
                return
            for name, value in changes.items():
                if name == "email" and value.strip().lower() != row["email"].lower():
                    row["email_changed_at"] = self._now().isoformat()
                row[name] = value.strip().lower() if name == "email" else value

    def restrict(self, contact_id: str, restricted: bool) -> None:
        """Set or lift a restriction; a reduced contact stays reduced."""
        with self._sheet.changing() as rows:
            row = _find(rows, contact_id)
            if row is not None and row["state"] != "reduced":
                row["state"] = "restricted" if restricted else "active"

    def reduce(self, contact_id: str, keep: Sequence[FieldName]) -> None:
        """Empty everything but `keep`."""
        with self._sheet.changing() as rows:
            row = _find(rows, contact_id)
            if row is not None:
                for name in (*FIELD_NAMES, "other_emails", "preferences", "source"):
                    if name not in keep:
                        row[name] = ""
                row["state"] = "reduced"

    def erase(self, contact_id: str) -> None:
        """Delete the row."""
        with self._sheet.changing() as rows:
            rows[:] = [row for row in rows if row["id"] != contact_id]

    def add(self, contacts: Iterable[NewContact]) -> int:
        """Add rows, all of them or none."""
        with self._sheet.changing() as rows:
            before, at = len(rows), self._now().isoformat()
            rows.extend(_row(contact, at) for contact in contacts)
            return len(rows) - before

    def added_since(self, since: datetime, after: Place | None, limit: int) -> Sequence[ContactRecord]:
        """A page of the contacts added since then."""
        contacts = sorted(map(_record, self._sheet.rows()), key=_place)
        return [
            contact
            for contact in contacts
            if contact.added_at >= since and (after is None or _place(contact) > after)
        ][:limit]

    def _now(self) -> datetime:
        with self._database.read() as session:
            return now(session)


def _find(rows: Sequence[Row], contact_id: str) -> Row | None:
    return next((row for row in rows if row["id"] == contact_id), None) if contact_id else None


def _addresses(row: Row) -> set[str]:
    return {address for address in (row["email"].lower(), *_others(row)) if address}


def _others(row: Row) -> tuple[str, ...]:
    return tuple(address.strip().lower() for address in row["other_emails"].split(";") if address.strip())


def _record(row: Row) -> ContactRecord:
    states: tuple[ContactState, ...] = ("active", "restricted", "reduced")
    changed = row["email_changed_at"]
    return ContactRecord(
        id=row["id"],
        fields={name: row[name] for name in FIELD_NAMES if row[name]},
        state=next((state for state in states if state == row["state"]), "active"),
        added_at=datetime.fromisoformat(row["added_at"]),
        email_changed_at=datetime.fromisoformat(changed) if changed else None,
        other_emails=_others(row),
        source=row["source"] or None,
    )


def _place(contact: ContactRecord) -> Place:
    return contact.added_at, contact.id


def _preferences(row: Row) -> dict[tuple[str, str], bool]:
    """`monthly_newsletter.email=yes technology_updates.sms=no`."""
    found = {}
    for part in row["preferences"].split():
        key, _, wanted = part.partition("=")
        topic, _, channel = key.partition(".")
        found[topic, channel] = wanted == "yes"
    return found


def _as_text(preferences: Mapping[tuple[str, str], bool]) -> str:
    return " ".join(
        f"{topic}.{channel}={'yes' if wanted else 'no'}"
        for (topic, channel), wanted in sorted(preferences.items())
    )


def _row(contact: NewContact, at: str) -> Row:
    values: Row = {name: contact.fields.get(name, "") for name in FIELD_NAMES}
    return {
        **values,
        "id": f"csv-{secrets.token_hex(8)}",
        "email": values["email"].strip().lower(),
        "other_emails": "",
        "preferences": _as_text(dict.fromkeys(contact.unwanted, False)),
        "state": "active",
        "source": contact.source or "",
        "added_at": at,
        "email_changed_at": "",
    }
