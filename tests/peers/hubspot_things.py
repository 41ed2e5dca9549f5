"""Records of the stand-in of HubSpot, and its refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

STANDARD = frozenset(
    {
        "firstname",
        "lastname",
        "email",
        "phone",
        "mobilephone",
        "company",
        "createdate",
        "lastmodifieddate",
        "hs_object_id",
        "hs_additional_emails",
        "hs_email_hard_bounce_reason_enum",
    }
)
READ_ONLY = frozenset({"createdate", "lastmodifieddate", "hs_object_id"})


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, category: str, message: str = "No", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"status": "error", "message": message, "correlationId": "0", "category": category} | more


@dataclass
class Thing:
    """A record: its properties and, of an address, every value it ever had."""

    id: str
    properties: dict[str, str]
    created: datetime
    archived: bool = False
    visible_at: int = 0
    company: str | None = None
    contact: str | None = None
    addresses: list[tuple[str, datetime]] = field(default_factory=list)


def others(thing: Thing) -> list[str]:
    return [one for one in thing.properties.get("hs_additional_emails", "").lower().split(";") if one]


def written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
