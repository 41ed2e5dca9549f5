"""How a contact of HubSpot's reads as one of ours, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from actions.crm.interfaces import Agreement, ContactRecord, ContactState, FieldName

FIELDS: Mapping[FieldName, str] = MappingProxyType(
    {
        "name": "firstname",
        "surname": "lastname",
        "email": "email",
        "work_telephone": "phone",
        "mobile_telephone": "mobilephone",
        "company": "company",
    }
)
"""HubSpot's property for each field."""

STATE, SOURCE, PREFERENCES, LEFT = (
    "rightline_state",
    "rightline_source",
    "rightline_preferences",
    "rightline_has_left",
)
OURS: Mapping[str, str] = MappingProxyType(
    {
        STATE: "Privacy: state (active, restricted, reduced)",
        SOURCE: "Privacy: where the details came from",
        PREFERENCES: "Privacy: wishes for channels other than email",
        LEFT: "Privacy: has left the company (yes)",
    }
)
"""Properties that HubSpot does not have by itself, and their labels."""

OTHER_EMAILS, BOUNCED, ADDED = "hs_additional_emails", "hs_email_hard_bounce_reason_enum", "createdate"
PROPERTIES = (*FIELDS.values(), *OURS, OTHER_EMAILS, BOUNCED, ADDED)
AGREEMENT, STARTS, ENDS, SIGNATORIES = (
    "rightline_agreement",
    "rightline_agreement_starts",
    "rightline_agreement_ends",
    "rightline_agreement_signatories",
)
COMPANY_PROPERTIES = ("name", AGREEMENT, STARTS, ENDS, SIGNATORIES)
"""A company's service agreement, for which HubSpot has no object: title, first and last day, whose it is."""


def record(contact: Mapping[str, Any]) -> ContactRecord:
    """One of ours.

    Raises:
        ValueError: a moment in it is none.
    """
    properties = contact["properties"]
    return ContactRecord(
        id=str(contact["id"]),
        fields={name: value for name, theirs in FIELDS.items() if (value := properties.get(theirs))},
        state=state_of(properties),
        added_at=moment(properties.get(ADDED) or contact["createdAt"]),
        company_id=_company_id(contact),
        has_left=(properties.get(LEFT) or "").lower() in ("yes", "true"),
        email_changed_at=_changed_at(contact),
        email_bounced=bool(properties.get(BOUNCED)),
        other_emails=other_emails(properties),
        source=properties.get(SOURCE) or None,
    )


def state_of(properties: Mapping[str, str | None]) -> ContactState:
    """The state that is noted on the contact."""
    states: tuple[ContactState, ...] = ("active", "restricted", "reduced")
    return next((state for state in states if state == properties.get(STATE)), "active")


def other_emails(properties: Mapping[str, str | None]) -> tuple[str, ...]:
    """A contact's further addresses."""
    return tuple(
        address.strip().lower()
        for address in (properties.get(OTHER_EMAILS) or "").split(";")
        if address.strip()
    )


def agreements(company: Mapping[str, Any], contact_id: str, today: date) -> tuple[Agreement, ...]:
    """The service agreement that is noted on a company.

    Raises:
        ValueError: a day in it is none.
    """
    properties = company["properties"]
    if not properties.get(AGREEMENT):
        return ()
    starts, ends = _day(properties.get(STARTS)), _day(properties.get(ENDS))
    return (
        Agreement(
            id=str(company["id"]),
            title=properties[AGREEMENT],
            active=(starts is None or starts <= today) and (ends is None or today <= ends),
            ends_on=ends,
            signatory=contact_id in (properties.get(SIGNATORIES) or "").replace(",", ";").split(";"),
        ),
    )


def moment(text: str) -> datetime:
    """A moment as HubSpot writes it: RFC 3339, or milliseconds since 1970."""
    if text.isdigit():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return datetime.fromisoformat(text)


def milliseconds(at: datetime) -> str:
    """A moment as a search wants it."""
    return str(round(at.timestamp() * 1000))


def preferences_from(text: str | None) -> dict[tuple[str, str], bool]:
    """Wishes for channels other than email: `technology_updates.sms=yes; …`."""
    found = {}
    for part in (text or "").split(";"):
        key, equals, wanted = part.strip().partition("=")
        topic, dot, channel = key.partition(".")
        if equals and dot:
            found[topic, channel] = wanted == "yes"
    return found


def preferences_as_text(preferences: Mapping[tuple[str, str], bool]) -> str:
    """The same the other way round."""
    return "; ".join(
        f"{topic}.{channel}={'yes' if wanted else 'no'}"
        for (topic, channel), wanted in sorted(preferences.items())
    )


def _company_id(contact: Mapping[str, Any]) -> str | None:
    companies = ((contact.get("associations") or {}).get("companies") or {}).get("results") or []
    return str(companies[0]["id"]) if companies else None


def _changed_at(contact: Mapping[str, Any]) -> datetime | None:
    """When the address last changed; a contact that has the one it began with never did."""
    history = (contact.get("propertiesWithHistory") or {}).get("email") or []
    values = [version for version in history if version.get("value")]
    return max(moment(str(version["timestamp"])) for version in values) if len(values) > 1 else None


def _day(text: str | None) -> date | None:
    if not text:
        return None
    return moment(text).date() if text.isdigit() else date.fromisoformat(text[:10])
