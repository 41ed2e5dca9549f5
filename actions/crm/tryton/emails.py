"""Free text about a contact: emails sent from a party's page in Tryton or filed there as .eml, and notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from actions.crm.interfaces import Email, Further
from actions.crm.tryton import naming
from actions.crm.tryton.client import TrytonClient, unlike

NOTE_SUBJECT = "Note"
ENDING = ".eml"
FILED = ["name", "ilike", f"%{ENDING}"]


class Emails:
    """Emails of a Tryton."""

    def __init__(self, client: TrytonClient) -> None:
        self._client = client

    def overview(self, party_id: int) -> tuple[int, list[Further]]:
        """How many there are with a party, and the names of files on its page that are none."""
        of = _of(party_id)
        names = [row["name"] for row in self._client.search_read(naming.ATTACHMENT, [of], ["name"])]
        others = [name for name in names if not name.lower().endswith(ENDING)]
        count = len(names) - len(others)
        count += self._client.count(naming.SENT, [of]) + self._client.count(naming.NOTE, [of])
        return count, [Further("file", name) for name in others]

    def read(self, party_id: int) -> list[Email]:
        """All of them, oldest first."""
        of = _of(party_id)
        sent = self._client.search_read(naming.SENT, [of], ["subject", "body", "create_date"])
        filed = self._client.search_read(naming.ATTACHMENT, [of, FILED], ["name", "data", "create_date"])
        notes = self._client.search_read(naming.NOTE, [of], ["message", "create_date"])
        try:
            emails = [*map(_sent, sent), *map(_filed, filed), *map(_noted, notes)]
        except (KeyError, TypeError, AttributeError) as error:
            raise unlike(f"model.{naming.SENT}.search_read") from error
        return sorted(emails, key=lambda email: (email.at, email.id))

    def delete(self, party_id: int) -> None:
        """Delete them, with every other file and note of the party: Tryton's wizard leaves sent emails."""
        for model in (naming.SENT, naming.ATTACHMENT, naming.NOTE):
            rows = self._client.search_read(model, [_of(party_id)], ["id"])
            self._client.delete(model, [row["id"] for row in rows])


def _of(party_id: int) -> list[str]:
    return ["resource", "=", f"{naming.PARTY},{party_id}"]


def _sent(row: Mapping[str, Any]) -> Email:
    return Email(f"sent-{row['id']}", row["create_date"], row["subject"] or "", _plain(row["body"] or ""))


def _noted(row: Mapping[str, Any]) -> Email:
    return Email(f"note-{row['id']}", row["create_date"], NOTE_SUBJECT, row["message"] or "")


def _filed(row: Mapping[str, Any]) -> Email:
    message = message_from_bytes(row["data"] or b"", policy=policy.default)
    subject = str(message["Subject"] or row["name"].removesuffix(ENDING))
    return Email(f"filed-{row['id']}", _at(message) or row["create_date"], subject, _text(message))


def _at(message: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _text(message: EmailMessage) -> str:
    try:
        part = message.get_body(("plain", "html"))
        text = part.get_content() if part is not None else ""
    except (LookupError, ValueError):
        return ""
    return _plain(text).strip() if isinstance(text, str) else ""


def _plain(text: str) -> str:
    """Text without marks of HTML; what a browser would not show is left out."""
    if not re.search(r"<[a-zA-Z/!]", text):
        return text
    shown = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<!--.*?-->", "", text)
    return unescape(re.sub(r"(?s)<[^>]*>", "", re.sub(r"(?i)<br\s*/?>|</(p|div|tr|li|h\d)>", "\n", shown)))
