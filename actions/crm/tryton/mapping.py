"""Tryton's parties read as contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from actions.crm.interfaces import ContactRecord, ContactState, FieldName, Further
from actions.crm.tryton import naming
from actions.crm.tryton.client import unlike

FIELDS = (
    "code",
    "name",
    "active",
    "create_date",
    "contact_mechanisms.type",
    "contact_mechanisms.value",
    "contact_mechanisms.value_compact",
    "contact_mechanisms.sequence",
    "contact_mechanisms.create_date",
    "contact_mechanisms.write_date",
    "categories.rec_name",
    "relations.type.name",
    "relations.to.code",
    "relations.to.name",
    "relations.end_date",
    "addresses.full_address",
    "identifiers.type",
    "identifiers.code",
)
TELEPHONE_TYPES = frozenset({"phone", "mobile", "fax"})
TELEPHONES: Mapping[FieldName, str] = {"work_telephone": "phone", "mobile_telephone": "mobile"}
GONE = "****"
"""What Tryton's own wizard leaves in the place of what it erased."""
AT_FIRST = timedelta(minutes=1)
"""An address written within this time of its party is the first one, and no change."""


@dataclass(frozen=True)
class Mechanism:
    """A way to reach a party."""

    id: int
    type: str
    value: str
    added_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Link:
    """A relation as seen from one party."""

    id: int
    kind: str
    code: str
    name: str
    ends_on: date | None


class Party:
    """One party of Tryton's, with what hangs on it."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        """Read a row of `FIELDS`.

        Raises:
            CrmError: it is not as Tryton 8 has it.
        """
        try:
            self.id: int = row["id"]
            self.code: str = row["code"]
            self.whole_name: str | None = row["name"]
            self.active: bool = bool(row["active"])
            self.added_at: datetime = row["create_date"]
            self.mechanisms = [_mechanism(each) for each in sorted(row["contact_mechanisms."], key=_order)]
            self.categories = {_path(each["rec_name"]): int(each["id"]) for each in row["categories."]}
            self.links = [_link(each) for each in row["relations."]]
            self.addresses = [
                (each["id"], " ".join((each["full_address"] or "").split())) for each in row["addresses."]
            ]
            self.identifiers = [
                (each["id"], each["type"] or "", each["code"]) for each in row["identifiers."]
            ]
        except (KeyError, TypeError, AttributeError) as error:
            raise unlike("model.party.party.search_read") from error

    @property
    def is_erased(self) -> bool:
        """Whether Tryton's wizard has been over it: the row stays, with nothing of the person in it."""
        left = any(each.value != GONE for each in self.mechanisms)
        return not self.active and not self.whole_name and not left

    @property
    def is_person(self) -> bool:
        """Whether it is somebody, and not a company or an agreement."""
        return not any(path in self.categories for path in naming.NO_PEOPLE)

    @cached_property
    def emails(self) -> list[Mechanism]:
        """Its email addresses, the primary one first."""
        return [each for each in self.mechanisms if each.type == "email"]

    @property
    def email_addresses(self) -> tuple[str, ...]:
        """Its email addresses as we write them."""
        return tuple(dict.fromkeys(each.value.lower() for each in self.emails))

    def telephone(self, name: FieldName) -> Mechanism | None:
        """The first telephone of that kind."""
        return next((each for each in self.mechanisms if each.type == TELEPHONES[name]), None)

    def link(self, *kinds: str) -> Link | None:
        """The newest relation of one of these kinds, in their order."""
        for kind in kinds:
            for link in reversed(self.links):
                if link.kind == kind:
                    return link
        return None

    @property
    def state(self) -> ContactState:
        """The port's state."""
        if naming.REDUCED in self.categories:
            return "reduced"
        return "restricted" if naming.RESTRICTED in self.categories else "active"

    @property
    def preferences(self) -> dict[tuple[str, str], bool]:
        """Preferences that are kept as categories: all but what mailing lists hold."""
        found = {}
        for root, wanted in ((naming.WANTED, True), (naming.UNWANTED, False)):
            for path in self.categories:
                if path[:-1] == root and (key := naming.preference_of(path[-1])):
                    found[key] = wanted
        return found

    @property
    def further(self) -> Iterator[Further]:
        """What is held on a person beside the fields of the port; files are not among it."""
        for _id, text in self.addresses:
            if text:
                yield Further("address", text)
        shown = [self.telephone(name) for name in TELEPHONES]
        for each in self.mechanisms:
            if each.type != "email" and each not in shown:
                yield Further("telephone" if each.type in TELEPHONE_TYPES else "online", each.value)
        for _id, kind, code in self.identifiers:
            yield Further("number", f"{kind} {code}".strip())
        for path in self.categories:
            if path[0] != naming.ROOT:
                yield Further("group", naming.SEPARATOR.join(path))
        for link in self.links:
            if link.kind not in naming.KNOWN_RELATIONS:
                # Whom it leads to is somebody else's data.
                yield Further("relation", link.kind)

    def record(self, today: date) -> ContactRecord:
        """The contact."""
        name, surname = naming.name_parts(self.whole_name)
        works_for = self.link(naming.WORKS_FOR)
        values: dict[FieldName, str] = {
            "name": name,
            "surname": surname,
            "email": self.email_addresses[0] if self.emails else "",
            "work_telephone": _value(self.telephone("work_telephone")),
            "mobile_telephone": _value(self.telephone("mobile_telephone")),
            "company": works_for.name if works_for else "",
        }
        company = self.link(naming.WORKS_FOR, naming.HELD_FOR)
        return ContactRecord(
            id=self.code,
            fields={field: value for field, value in values.items() if value},
            state=self.state,
            added_at=self.added_at,
            company_id=company.code if company else None,
            has_left=company is not None and company.ends_on is not None and company.ends_on < today,
            email_changed_at=self._email_changed_at(),
            email_bounced=naming.BOUNCED in self.categories,
            other_emails=self.email_addresses[1:],
            source=next((path[-1] for path in self.categories if path[:-1] == naming.SOURCE), None),
        )

    def _email_changed_at(self) -> datetime | None:
        if not self.emails:
            return None
        email = self.emails[0]
        # Tryton stamps a record it completes while making it with one and the same instant.
        if email.changed_at > email.added_at:
            return email.changed_at
        return email.added_at if email.added_at - self.added_at > AT_FIRST else None


def _value(mechanism: Mechanism | None) -> str:
    return mechanism.value if mechanism else ""


def _order(row: Mapping[str, Any]) -> tuple[int, int]:
    # As Tryton does: those without a number come first.
    return (-1 if row["sequence"] is None else row["sequence"], row["id"])


def _mechanism(row: Mapping[str, Any]) -> Mechanism:
    value = row["value_compact"] or row["value"]
    if row["value"] == GONE:
        value = GONE
    return Mechanism(
        row["id"], row["type"], value, row["create_date"], row["write_date"] or row["create_date"]
    )


def _link(row: Mapping[str, Any]) -> Link:
    to = row["to."]
    return Link(row["id"], row["type."]["name"], to["code"], to["name"] or "", row["end_date"])


def _path(rec_name: str) -> naming.Path:
    return tuple(rec_name.split(naming.SEPARATOR))
