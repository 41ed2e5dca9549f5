"""The CRM as Rightline sees it: a small port that every connector fills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

ContactState = Literal["active", "restricted", "reduced", "anonymised", "erased"]
FieldName = Literal["name", "surname", "email", "work_telephone", "mobile_telephone", "company"]
FurtherKind = Literal["address", "telephone", "online", "number", "file", "group", "relation"]
FIELD_NAMES: tuple[FieldName, ...] = (
    "name",
    "surname",
    "email",
    "work_telephone",
    "mobile_telephone",
    "company",
)


class CrmError(Exception):
    """The CRM could not do it now; the message says what to do and holds nothing personal."""


class CrmUnusable(CrmError):
    """It will not pass by itself: credentials, settings, or a version we do not know.

    The message tells an operator what to put right; the step waits for it.
    """


@dataclass(frozen=True)
class Agreement:
    """A company's service agreement; while it is active it can be a ground to keep (policy 3 and 9.4)."""

    id: str
    title: str
    active: bool
    ends_on: date | None
    signatory: bool


@dataclass(frozen=True)
class ContactRecord:
    """One contact, with the fields the policy names (policy 12, first row).

    `source` says where the details came from: a key of `sources` in data/notices.yml, where it is known.
    """

    id: str
    fields: dict[FieldName, str]
    state: ContactState
    added_at: datetime
    company_id: str | None = None
    has_left: bool = False
    email_changed_at: datetime | None = None
    email_bounced: bool = False
    other_emails: tuple[str, ...] = ()
    source: str | None = None

    @property
    def email(self) -> str:
        """The primary address."""
        return self.fields.get("email", "")

    @property
    def first_name(self) -> str:
        """What to call them; empty when not held."""
        return self.fields.get("name", "")


@dataclass(frozen=True)
class NewContact:
    """A contact to be added.

    Attributes:
        fields: what is known; the email address is always among it.
        source: where the details came from: a key of `sources` in data/notices.yml.
        unwanted: preferences that are set to no from the first day.
    """

    fields: dict[FieldName, str]
    source: str | None = None
    unwanted: tuple[tuple[str, str], ...] = ()


Place = tuple[datetime, str]
"""Where a reading of contacts has come to: when the last one was added, and its id."""


@dataclass(frozen=True)
class Email:
    """One email between a contact and the sales or support team (policy 8.3)."""

    id: str
    at: datetime
    subject: str
    body: str


@dataclass(frozen=True)
class Further:
    """Something a CRM holds on a contact that is none of the port's fields, fit to be shown as it is."""

    kind: FurtherKind
    value: str


@dataclass(frozen=True)
class Holdings:
    """Everything the CRM holds on one contact, counted where it is many.

    `further` is what this CRM holds beside the rest: a contact who asks is shown it, and it is deleted with
    the rest. What a colleague has to read first, since it may tell of others, belongs to `tracked_emails`.
    """

    contact: ContactRecord
    agreements: tuple[Agreement, ...] = ()
    preferences: dict[tuple[str, str], bool] = field(default_factory=dict)
    tracked_emails: int = 0
    further: tuple[Further, ...] = ()

    @property
    def active_agreement(self) -> Agreement | None:
        """An agreement that is a ground to keep some of it, if there is one."""
        return next((agreement for agreement in self.agreements if agreement.active), None)


class Crm(Protocol):
    """What Rightline needs of a CRM. Every change is idempotent: done twice, it has the effect of once."""

    def find_by_email(self, email: str) -> Sequence[ContactRecord]:
        """Every contact that uses the address, primary or other; several when shared, erased ones never."""
        ...

    def get(self, contact_id: str) -> ContactRecord | None:
        """A contact by id; None once erased or never known."""
        ...

    def holdings(self, contact_id: str) -> Holdings | None:
        """All that is held on a contact."""
        ...

    def tracked_emails(self, contact_id: str) -> Sequence[Email]:
        """Every email on file of a contact, and other free text about them, oldest first."""
        ...

    def set_preferences(self, contact_id: str, changes: dict[tuple[str, str], bool]) -> None:
        """Set preferences, each a (topic, channel) to whether it is wanted."""
        ...

    def rectify(self, contact_id: str, changes: dict[FieldName, str]) -> None:
        """Replace fields."""
        ...

    def restrict(self, contact_id: str, restricted: bool) -> None:
        """Set or lift a restriction (UK GDPR Art. 18)."""
        ...

    def reduce(self, contact_id: str, keep: Sequence[FieldName]) -> None:
        """Delete all but `keep`: other addresses, tracked emails and all that is further held go too.

        The state becomes `reduced`; what leads to the agreement that is the ground stays.
        """
        ...

    def erase(self, contact_id: str) -> None:
        """Delete the contact and everything that hangs on it."""
        ...

    def add(self, contacts: Iterable[NewContact]) -> int:
        """Add contacts, all of them or none: where taking the next one fails, nothing is added.

        Returns:
            How many were added.
        """
        ...

    def added_since(self, since: datetime, after: Place | None, limit: int) -> Sequence[ContactRecord]:
        """A page of the contacts added since then, in the order they were added.

        Args:
            since: the first instant that counts.
            after: the last contact of the page before; None for the first page.
            limit: how many at the most.
        """
        ...
