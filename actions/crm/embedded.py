"""The embedded CRM: the port over our own database, for the demo and for small companies."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import BindParameter, String, bindparam, delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from actions.clock import now
from actions.crm.interfaces import (
    FIELD_NAMES,
    Agreement,
    ContactRecord,
    ContactState,
    Email,
    FieldName,
    Holdings,
    NewContact,
    Place,
)
from actions.crm.models import (
    Company,
    Contact,
    ContactEmail,
    ContactPreference,
    ServiceAgreement,
    Signatory,
    TrackedEmail,
)
from actions.database import Database
from actions.database.types import UtcDateTime

ADDED_AT_A_TIME = 500
COLUMNS: tuple[FieldName, ...] = tuple(name for name in FIELD_NAMES if name != "email")


class EmbeddedCrm:
    """Every change is one transaction of its own; every look-up goes by an index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_by_email(self, email: str) -> Sequence[ContactRecord]:
        """Every contact that uses the address, in the order they were added."""
        with self._database.read() as session:
            contacts = session.scalars(
                select(Contact)
                .join(ContactEmail, ContactEmail.contact_id == Contact.id)
                .where(ContactEmail.address == email.strip().lower())
                .order_by(Contact.added_at, Contact.id)
            ).all()
            return [_record(session, contact) for contact in contacts]

    def get(self, contact_id: str) -> ContactRecord | None:
        """A contact by id."""
        with self._database.read() as session:
            contact = session.get(Contact, contact_id)
            return None if contact is None else _record(session, contact)

    def holdings(self, contact_id: str) -> Holdings | None:
        """All that is held on a contact."""
        with self._database.read() as session:
            contact = session.get(Contact, contact_id)
            if contact is None:
                return None
            preferences = session.scalars(
                select(ContactPreference).where(ContactPreference.contact_id == contact_id)
            )
            emails = session.scalar(
                select(func.count()).select_from(TrackedEmail).where(TrackedEmail.contact_id == contact_id)
            )
            return Holdings(
                _record(session, contact),
                _agreements(session, contact),
                {(row.topic, row.channel): row.wanted for row in preferences},
                emails or 0,
            )

    def tracked_emails(self, contact_id: str) -> Sequence[Email]:
        """Every email on file of a contact, oldest first."""
        with self._database.read() as session:
            rows = session.scalars(
                select(TrackedEmail).where(TrackedEmail.contact_id == contact_id).order_by(TrackedEmail.at)
            )
            return [Email(str(row.id), row.at, row.subject, row.body) for row in rows]

    def set_preferences(self, contact_id: str, changes: Mapping[tuple[str, str], bool]) -> None:
        """Set preferences; a contact that is gone has none to set."""
        with self._database.write() as session:
            if session.get(Contact, contact_id) is None:
                return
            for (topic, channel), wanted in changes.items():
                session.merge(
                    ContactPreference(contact_id=contact_id, topic=topic, channel=channel, wanted=wanted)
                )

    def rectify(self, contact_id: str, changes: Mapping[FieldName, str]) -> None:
        """Replace fields; a new email address is remembered with its date."""
        with self._database.write() as session:
            contact = session.get(Contact, contact_id)
            if contact is None:
                return
            for name, value in changes.items():
                if name == "email":
                    _set_email(session, contact, value)
                else:
                    setattr(contact, name, value)

    def restrict(self, contact_id: str, restricted: bool) -> None:
        """Set or lift a restriction; a reduced contact stays reduced."""
        with self._database.write() as session:
            contact = session.get(Contact, contact_id)
            if contact is not None and contact.state in ("active", "restricted"):
                contact.state = "restricted" if restricted else "active"

    def reduce(self, contact_id: str, keep: Sequence[FieldName]) -> None:
        """Delete everything but `keep`."""
        with self._database.write() as session:
            contact = session.get(Contact, contact_id)
            if contact is None:
                return
            for name in COLUMNS:
                if name not in keep:
                    setattr(contact, name, None)
            kept_address = (
                ContactEmail.primary.is_(False) if "email" in keep else ContactEmail.id.is_not(None)
            )
            session.execute(delete(ContactEmail).where(ContactEmail.contact_id == contact_id, kept_address))
            session.execute(delete(TrackedEmail).where(TrackedEmail.contact_id == contact_id))
            session.execute(delete(ContactPreference).where(ContactPreference.contact_id == contact_id))
            contact.state = "reduced"

    def erase(self, contact_id: str) -> None:
        """Delete the contact and everything that hangs on it."""
        with self._database.write() as session:
            for table in (TrackedEmail, ContactPreference, ContactEmail, Signatory):
                session.execute(delete(table).where(table.contact_id == contact_id))
            session.execute(delete(Contact).where(Contact.id == contact_id))

    def add(self, contacts: Iterable[NewContact]) -> int:
        """Add contacts in one transaction, a few hundred at a time."""
        count = 0
        with self._database.write() as session:
            at = now(session)
            companies = _Companies(session)
            for some in _batches(contacts):
                _insert(session, companies, some, at)
                count += len(some)
        return count

    def added_since(self, since: datetime, after: Place | None, limit: int) -> Sequence[ContactRecord]:
        """A page of contacts, by the index on when they were added; two queries, however many they are."""
        place = tuple_(Contact.added_at, Contact.id)
        wanted = Contact.added_at >= since if after is None else place > tuple_(*_bound(after))
        with self._database.read() as session:
            query = select(Contact).where(Contact.added_at >= since, wanted)
            contacts = session.scalars(query.order_by(Contact.added_at, Contact.id).limit(limit)).all()
            addresses: dict[str, list[ContactEmail]] = {contact.id: [] for contact in contacts}
            for row in session.scalars(
                select(ContactEmail).where(ContactEmail.contact_id.in_(addresses)).order_by(ContactEmail.id)
            ):
                addresses[row.contact_id].append(row)
            return [_recorded(contact, addresses[contact.id]) for contact in contacts]


def _batches(contacts: Iterable[NewContact]) -> Iterator[list[NewContact]]:
    remaining = iter(contacts)
    while some := list(islice(remaining, ADDED_AT_A_TIME)):
        yield some


class _Companies:
    """Ids of companies by their names; one that is not on file is put there."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, str] = {}

    def id_of(self, name: str) -> str:
        """The id of a company of that name."""
        if name not in self._known:
            found = self._session.scalar(select(Company.id).where(Company.name == name).limit(1))
            if found is None:
                found = f"co-{secrets.token_hex(8)}"
                self._session.execute(insert(Company).values(id=found, name=name))
            self._known[name] = found
        return self._known[name]


def _insert(session: Session, companies: _Companies, some: Sequence[NewContact], at: datetime) -> None:
    rows, emails, preferences = [], [], []
    for contact in some:
        identifier = f"c-{secrets.token_hex(10)}"
        company = contact.fields.get("company")
        rows.append(
            {name: contact.fields.get(name) for name in COLUMNS}
            | {
                "id": identifier,
                "company_id": companies.id_of(company) if company else None,
                "state": "active",
                "added_at": at,
                "has_left": False,
                "email_bounced": False,
                "source": contact.source,
            }
        )
        emails.append({"contact_id": identifier, "address": contact.fields["email"].lower(), "primary": True})
        preferences += [
            {"contact_id": identifier, "topic": topic, "channel": channel, "wanted": False}
            for topic, channel in contact.unwanted
        ]
    session.execute(insert(Contact), rows)
    session.execute(insert(ContactEmail), emails)
    if preferences:
        session.execute(insert(ContactPreference), preferences)


def _bound(place: Place) -> tuple[BindParameter[datetime], BindParameter[str]]:
    """The place with the columns' types: instants are stored in a form of their own."""
    added_at, identifier = place
    return bindparam(None, added_at, type_=UtcDateTime()), bindparam(None, identifier, type_=String())


def _record(session: Session, contact: Contact) -> ContactRecord:
    addresses = session.scalars(
        select(ContactEmail).where(ContactEmail.contact_id == contact.id).order_by(ContactEmail.id)
    ).all()
    return _recorded(contact, addresses)


def _recorded(contact: Contact, addresses: Sequence[ContactEmail]) -> ContactRecord:
    values: dict[FieldName, str | None] = {name: getattr(contact, name) for name in COLUMNS}
    values["email"] = next((row.address for row in addresses if row.primary), None)
    return ContactRecord(
        id=contact.id,
        fields={name: value for name in FIELD_NAMES if (value := values[name])},
        state=_state(contact.state),
        added_at=contact.added_at,
        company_id=contact.company_id,
        has_left=contact.has_left,
        email_changed_at=contact.email_changed_at,
        email_bounced=contact.email_bounced,
        other_emails=tuple(row.address for row in addresses if not row.primary),
        source=contact.source,
    )


def _state(text: str) -> ContactState:
    states: tuple[ContactState, ...] = ("active", "restricted", "reduced", "anonymised", "erased")
    return next(state for state in states if state == text)


def _agreements(session: Session, contact: Contact) -> tuple[Agreement, ...]:
    if contact.company_id is None:
        return ()
    today = now(session).date()
    signed = set(session.scalars(select(Signatory.agreement_id).where(Signatory.contact_id == contact.id)))
    rows = session.scalars(
        select(ServiceAgreement)
        .where(ServiceAgreement.company_id == contact.company_id)
        .order_by(ServiceAgreement.starts_on.desc())
    )
    return tuple(
        Agreement(
            row.id,
            row.title,
            row.starts_on <= today and (row.ends_on is None or today <= row.ends_on),
            row.ends_on,
            row.id in signed,
        )
        for row in rows
    )


def _set_email(session: Session, contact: Contact, value: str) -> None:
    session.execute(
        delete(ContactEmail).where(ContactEmail.contact_id == contact.id, ContactEmail.primary.is_(True))
    )
    session.add(ContactEmail(contact_id=contact.id, address=value.strip().lower(), primary=True))
    contact.email_changed_at = now(session)
    contact.email_bounced = False
