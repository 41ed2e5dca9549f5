"""The port over HubSpot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from actions.clock import now
from actions.connectors.interfaces import Errors
from actions.connectors.web import HeaderAuth, Web
from actions.crm.hubspot import mapping
from actions.crm.hubspot.checking import examine
from actions.crm.hubspot.client import EMAILS, HubSpotClient, NotAllCreated, batches
from actions.crm.hubspot.preferences import Subscriptions
from actions.crm.hubspot.refusals import explained
from actions.crm.interfaces import (
    FIELD_NAMES,
    ContactRecord,
    CrmError,
    CrmUnusable,
    Email,
    FieldName,
    Holdings,
    NewContact,
    Place,
)
from actions.database import Database
from actions.health.interfaces import Finding
from actions.settings import Settings

ERRORS = Errors(CrmError, CrmUnusable)


class HubSpot:
    """One HubSpot account. Its contacts' addresses are unique: no two of them share one."""

    def __init__(self, client: HubSpotClient, database: Database) -> None:
        self._client, self._database = client, database
        self._subscriptions = Subscriptions(client)

    @classmethod
    def of(cls, settings: Settings, database: Database) -> HubSpot:
        """The one the settings name.

        Raises:
            ValueError: the token is missing.
        """
        token = settings.hubspot_token.get_secret_value()
        if not token:
            raise ValueError(
                "RIGHTLINE_CRM is 'hubspot': set RIGHTLINE_HUBSPOT_TOKEN to a private app's token."
            )
        web = Web(
            "HubSpot",
            settings.hubspot_url,
            auth=HeaderAuth(f"Bearer {token}"),
            errors=ERRORS,
            settings="RIGHTLINE_HUBSPOT_TOKEN and its scopes",
            seconds=settings.connector_timeout,
            explain=explained,
        )
        return cls(HubSpotClient(web), database)

    def check(self) -> Sequence[Finding]:
        """See `Checkable.check`."""
        return list(examine(self._client, self._subscriptions))

    def find_by_email(self, email: str) -> Sequence[ContactRecord]:
        """Whoever has the address, as their first or a further one, in the order they were added."""
        address = email.strip().lower()
        ids = {self._client.id_by_email(address)}
        further = [{"propertyName": mapping.OTHER_EMAILS, "operator": "CONTAINS_TOKEN", "value": address}]
        ids |= {str(each["id"]) for each in self._client.search([further], properties=["email"])}
        found = [contact for each in ids if each is not None and (contact := self.get(each)) is not None]
        theirs = [contact for contact in found if address in (contact.email.lower(), *contact.other_emails)]
        return sorted(theirs, key=lambda contact: (contact.added_at, int(contact.id)))

    def get(self, contact_id: str) -> ContactRecord | None:
        """A contact by id."""
        contact = self._client.contact(contact_id)
        if contact is None:
            return None
        with self._readable():
            return mapping.record(contact)

    def holdings(self, contact_id: str) -> Holdings | None:
        """All that is held on a contact; of a reduced one, opting out of all is no preference."""
        contact = self._client.contact(contact_id)
        if contact is None:
            return None
        with self._readable():
            record = mapping.record(contact)
        company = (
            self._client.company(record.company_id, mapping.COMPANY_PROPERTIES) if record.company_id else None
        )
        with self._readable():
            agreements = mapping.agreements(company, contact_id, self._today()) if company else ()
        preferences = mapping.preferences_from(contact["properties"].get(mapping.PREFERENCES))
        if record.email:
            by_email = self._subscriptions.read(record.email)
            preferences |= {(topic, "email"): wanted for topic, wanted in by_email.items()}
        if record.state == "reduced":
            preferences = {key: wanted for key, wanted in preferences.items() if wanted}
        return Holdings(record, agreements, preferences, len(self._client.email_ids(contact_id)))

    def tracked_emails(self, contact_id: str) -> Sequence[Email]:
        """Every email on a contact's record, oldest first."""
        if not contact_id.isdigit():
            return []
        with self._readable():
            emails = [
                Email(
                    str(each["id"]),
                    mapping.moment(each["properties"]["hs_timestamp"]),
                    each["properties"].get("hs_email_subject") or "",
                    each["properties"].get("hs_email_text") or "",
                )
                for each in self._client.emails(self._client.email_ids(contact_id))
            ]
        return sorted(emails, key=lambda email: email.at)

    def set_preferences(self, contact_id: str, changes: Mapping[tuple[str, str], bool]) -> None:
        """Set preferences; a contact that is gone, or has no address, has none to set by email."""
        contact = self._client.contact(contact_id)
        if contact is None:
            return
        properties = contact["properties"]
        by_email = {topic: wanted for (topic, channel), wanted in changes.items() if channel == "email"}
        if by_email and properties.get("email"):
            self._subscriptions.write(properties["email"], by_email)
        others = {key: wanted for key, wanted in changes.items() if key[1] != "email"}
        if others:
            noted = mapping.preferences_from(properties.get(mapping.PREFERENCES)) | others
            self._client.update(contact_id, {mapping.PREFERENCES: mapping.preferences_as_text(noted)})

    def rectify(self, contact_id: str, changes: Mapping[FieldName, str]) -> None:
        """Replace fields; HubSpot itself remembers when an address changed.

        Subscriptions belong to an address there, so they are given to the new one first: should we fail in
        between, the old one is still on the contact to copy them from.
        """
        contact = self._client.contact(contact_id) if changes else None
        if contact is None:
            return
        values = {mapping.FIELDS[name]: value for name, value in changes.items()}
        before = contact["properties"].get("email")
        if "email" in values:
            values["email"] = values["email"].strip().lower()
            if before and before.lower() != values["email"]:
                self._subscriptions.write(values["email"], self._subscriptions.read(before))
        self._client.update(contact_id, values)

    def restrict(self, contact_id: str, restricted: bool) -> None:
        """Note a restriction, or lift it; a reduced contact stays reduced.

        HubSpot itself does not obey it: lists and workflows must leave out whose `rightline_state` is
        `restricted`, which docs/connectors.md tells an operator to see to.
        """
        contact = self._client.contact(contact_id)
        if contact is not None and mapping.state_of(contact["properties"]) != "reduced":
            self._client.update(contact_id, {mapping.STATE: "restricted" if restricted else "active"})

    def reduce(self, contact_id: str, keep: Sequence[FieldName]) -> None:
        """Empty every field but `keep`, and take off other addresses, emails and wishes.

        All email to the address is stopped rather than left undecided: nobody shall write to somebody of whom
        only a ground keeps anything.
        """
        contact = self._client.contact(contact_id)
        if contact is None:
            return
        properties = contact["properties"]
        if properties.get("email"):
            self._client.unsubscribe_from_all(properties["email"])
        for address in mapping.other_emails(properties):
            self._client.remove_other_email(contact_id, address)
        self._client.archive(self._client.email_ids(contact_id), objects=EMAILS)
        gone = {theirs: "" for name, theirs in mapping.FIELDS.items() if name not in keep}
        noted = {mapping.STATE: "reduced", mapping.PREFERENCES: "", mapping.SOURCE: "", mapping.LEFT: ""}
        self._client.update(contact_id, gone | noted)

    def erase(self, contact_id: str) -> None:
        """Delete the contact for good; the emails on the record first, since HubSpot leaves them behind."""
        if not contact_id.isdigit():
            return
        self._client.archive(self._client.email_ids(contact_id), objects=EMAILS)
        self._client.erase(contact_id)

    def add(self, contacts: Iterable[NewContact]) -> int:
        """Add contacts; where one is refused, those added before are taken away again.

        Raises:
            CrmError: one was refused; nothing was added.
        """
        created: list[str] = []
        # All of them are taken first: a mistake in the last one must not be found after the first is written.
        wanted = list(contacts)
        try:
            for some in batches(wanted):
                created += self._client.create([_properties(contact) for contact in some])
            for contact in wanted:
                by_email = {topic: False for topic, channel in contact.unwanted if channel == "email"}
                if by_email:
                    self._subscriptions.write(contact.fields["email"].lower(), by_email)
        except NotAllCreated as refusal:
            self._client.archive([*created, *refusal.created])
            raise CrmUnusable(
                f"HubSpot did not take every contact, so none was added ({refusal}): "
                "somebody in the list may be on file there already"
            ) from refusal
        except CrmError:
            self._client.archive(created)
            raise
        return len(wanted)

    def added_since(self, since: datetime, after: Place | None, limit: int) -> Sequence[ContactRecord]:
        """A page of contacts in the order they were added.

        A search can be sorted by one property only, so those added in the same millisecond as the page's last
        one are all read, and put in order here. HubSpot's searches lag behind by some seconds.
        """
        if after is None:
            groups = [[_filter(mapping.ADDED, "GTE", mapping.milliseconds(since))]]
        else:
            at = mapping.milliseconds(after[0])
            same = [_filter(mapping.ADDED, "EQ", at), _filter("hs_object_id", "GT", after[1])]
            groups = [[_filter(mapping.ADDED, "GT", at)], same]
        found: list[ContactRecord] = []
        with self._readable():
            for contact in self._client.search(groups, properties=mapping.PROPERTIES):
                record = mapping.record(contact)
                if len(found) >= limit and record.added_at != found[-1].added_at:
                    break
                found.append(record)
        return sorted(found, key=lambda record: (record.added_at, int(record.id)))[:limit]

    def _today(self) -> date:
        with self._database.read() as session:
            return now(session).date()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (KeyError, TypeError, ValueError) as error:
            raise self._client.web.changed("described a record in a way that cannot be read") from error


def _properties(contact: NewContact) -> dict[str, str]:
    found = {mapping.FIELDS[name]: contact.fields[name] for name in FIELD_NAMES if contact.fields.get(name)}
    if contact.source:
        found[mapping.SOURCE] = contact.source
    others = {key: False for key in contact.unwanted if key[1] != "email"}
    if others:
        found[mapping.PREFERENCES] = mapping.preferences_as_text(others)
    return found


def _filter(name: str, operator: str, value: str) -> dict[str, str]:
    return {"propertyName": name, "operator": operator, "value": value}
