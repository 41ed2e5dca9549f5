"""The port over Tryton."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from actions.clock import now
from actions.crm.interfaces import (
    ContactRecord,
    CrmError,
    CrmUnusable,
    Email,
    FieldName,
    Holdings,
    NewContact,
    Place,
)
from actions.crm.tryton import naming
from actions.crm.tryton.categories import Categories
from actions.crm.tryton.checking import look
from actions.crm.tryton.client import ALL, SECONDS_TO_ADD_MANY, TrytonClient
from actions.crm.tryton.companies import Companies
from actions.crm.tryton.emails import Emails
from actions.crm.tryton.mapping import FIELDS, TELEPHONES, Mechanism, Party
from actions.crm.tryton.subscriptions import CHANNEL, Subscriptions
from actions.crm.tryton.values import blanks, categories_of, deleted, party_values, replaced
from actions.database import Database
from actions.health.interfaces import Finding
from actions.settings import Settings

IN_ORDER = (("create_date", "ASC"), ("id", "ASC"))


class TrytonCrm:
    """Contacts are parties, known by their code.

    Nothing is remembered between calls: each change looks first how things are, so that doing it again after
    it was cut off ends where one whole pass would have.
    """

    def __init__(self, client: TrytonClient, clock: Callable[[], datetime]) -> None:
        """Nothing is asked yet.

        Args:
            client: of the server.
            clock: tells the present instant, for what depends on the day.
        """
        self.client = client
        self._clock = clock
        self._categories = Categories(client)
        self._subscriptions = Subscriptions(client)
        self._companies = Companies(client)
        self._emails = Emails(client)

    def check(self) -> Sequence[Finding]:
        """See `Checkable.check`."""
        return list(look(self.client))

    # --- Reading ---

    def find_by_email(self, email: str) -> Sequence[ContactRecord]:
        """Every contact that uses the address, in the order they were added."""
        return [self.recorded(party) for party in self._users_of(email)]

    def get(self, contact_id: str) -> ContactRecord | None:
        """A contact by its party's code."""
        party = self._party(contact_id)
        return None if party is None else self.recorded(party)

    def holdings(self, contact_id: str) -> Holdings | None:
        """All that is held on a contact."""
        party = self._party(contact_id)
        if party is None:
            return None
        emails, files = self._emails.overview(party.id)
        return Holdings(
            self.recorded(party),
            self._companies.agreements(party, self._clock().date()),
            self._preferences(party),
            emails,
            (*party.further, *files),
        )

    def tracked_emails(self, contact_id: str) -> Sequence[Email]:
        """Every email on file of a contact, oldest first."""
        party = self._party(contact_id)
        return [] if party is None else self._emails.read(party.id)

    def added_since(self, since: datetime, after: Place | None, limit: int) -> Sequence[ContactRecord]:
        """A page of contacts in the order Tryton made them."""
        found: list[ContactRecord] = []
        while len(found) < limit:
            rows = self.client.search_read(
                naming.PARTY, self._later(since, after), FIELDS, limit=limit, order=IN_ORDER
            )
            parties = [Party(row) for row in rows]
            found += [self.recorded(party) for party in parties if party.is_person and not party.is_erased]
            if len(rows) < limit:
                break
            after = (parties[-1].added_at, parties[-1].code)
        return found[:limit]

    def recorded(self, party: Party) -> ContactRecord:
        """The contact that a party is."""
        return party.record(self._clock().date())

    # --- Changing ---

    def set_preferences(self, contact_id: str, changes: Mapping[tuple[str, str], bool]) -> None:
        """Set preferences; those for email in the mailing lists, the others as categories."""
        party = self._party(contact_id)
        if party is None:
            return
        add: list[naming.Path] = []
        remove: list[naming.Path] = []
        for (topic, channel), wanted in changes.items():
            name = naming.preference(topic, channel)
            yes, no = (*naming.WANTED, name), (*naming.UNWANTED, name)
            kept = self._set_by_email(party, topic, wanted=wanted) if channel == CHANNEL else False
            remove += [no if wanted else yes]
            add += [] if kept else [yes if wanted else no]
        self._recategorise(party, add, remove)

    def rectify(self, contact_id: str, changes: Mapping[FieldName, str]) -> None:
        """Replace fields; what they get by email goes with a new address."""
        party = self._party(contact_id)
        if party is None:
            return
        values: dict[str, Any] = {}
        record = self.recorded(party)
        if {"name", "surname"} & changes.keys():
            fields = record.fields | dict(changes)
            values["name"] = naming.whole_name(fields.get("name"), fields.get("surname"))
        mechanisms: list[Any] = []
        for name, kind in TELEPHONES.items():
            if name in changes:
                mechanisms += replaced(party.telephone(name), kind, changes[name])
        if "email" in changes:
            new = changes["email"].strip().lower()
            old = party.emails[0] if party.emails else None
            if old is None or old.value.lower() != new:
                self._move_subscriptions(party, old, new)
                mechanisms += replaced(old, "email", new)
                values["categories"] = self._categories.change(party, (), [naming.BOUNCED])
        if "company" in changes and changes["company"] != record.fields.get("company"):
            self._employ(party, changes["company"])
        if mechanisms:
            values["contact_mechanisms"] = mechanisms
        self._write(party, values)

    def restrict(self, contact_id: str, restricted: bool) -> None:
        """Set or lift a restriction; a reduced contact stays reduced."""
        party = self._party(contact_id)
        if party is not None and party.state in ("active", "restricted"):
            add, remove = ([naming.RESTRICTED], []) if restricted else ([], [naming.RESTRICTED])
            self._recategorise(party, add, remove)

    # --- Taking away ---

    def reduce(self, contact_id: str, keep: Sequence[FieldName]) -> None:
        """Delete everything but `keep`, and the way to a company's agreements."""
        party = self._party(contact_id)
        if party is None:
            return
        self._forget_subscriptions(party)
        self._emails.delete(party.id)
        fields = {name: value for name, value in self.recorded(party).fields.items() if name in keep}
        kept = [party.emails[0]] if "email" in keep and party.emails else []
        kept += [found for name in TELEPHONES if name in keep and (found := party.telephone(name))]
        if "company" not in keep and (works_for := party.link(naming.WORKS_FOR)):
            self.client.change(
                naming.RELATION, [works_for.id], {"type": self._companies.kind(naming.HELD_FOR)}
            )
        strangers = [link.id for link in party.links if link.kind not in naming.KNOWN_RELATIONS]
        self.client.delete(naming.RELATION, strangers)
        reduced = self._categories.ids([naming.REDUCED])[naming.REDUCED]
        others = [category for path, category in party.categories.items() if path != naming.REDUCED]
        values: dict[str, Any] = {
            "name": naming.whole_name(fields.get("name"), fields.get("surname")),
            "contact_mechanisms": deleted(each.id for each in party.mechanisms if each not in kept),
            "addresses": deleted(identifier for identifier, _text in party.addresses),
            "identifiers": deleted(identifier for identifier, *_rest in party.identifiers),
            "categories": [["remove", others], ["add", [reduced]]] if others else [["add", [reduced]]],
            "active": True,
        }
        self._write(party, values)

    def erase(self, contact_id: str) -> None:
        """Erase a party by Tryton's own wizard, after what the wizard leaves.

        The row stays, inactive and with nobody's data, since accounts may refer to it. The order matters: the
        addresses, which lead to everything else, go last, so that being cut off never loses the way.

        Raises:
            CrmError: Tryton cannot do it now, or something keeps it from erasing the party.
        """
        party = self._party(contact_id)
        if party is None:
            return
        self._forget_subscriptions(party)
        self._emails.delete(party.id)
        self.client.delete(naming.RELATION, [link.id for link in party.links])
        self._write(party, blanks(party))
        self._run_wizard(party)
        if self._party(contact_id) is not None:
            raise CrmUnusable(
                "Tryton's wizard ended, but the party still has data; run 'Erase' on it in Tryton's client "
                "and read what it says"
            )

    def _run_wizard(self, party: Party) -> None:
        session, *_rest = self.client.write("wizard.party.erase.create", ALL)
        try:
            context = ALL | {
                "active_model": naming.PARTY,
                "active_id": party.id,
                "active_ids": [party.id],
            }
            self.client.write(
                "wizard.party.erase.execute", session, {"ask": {"party": party.id}}, "erase", context
            )
        finally:
            # Tryton sweeps wizards that nobody ended, so that this is only tidy.
            with contextlib.suppress(CrmError):
                self.client.write("wizard.party.erase.delete", session, ALL)

    # --- Adding ---

    def add(self, contacts: Iterable[NewContact]) -> int:
        """Add contacts in one transaction of Tryton's; companies that are missing are made before."""
        new = list(contacts)
        if not new:
            return 0
        paths = {path for contact in new for path in categories_of(contact)}
        categories = self._categories.ids(paths)
        names = {contact.fields["company"] for contact in new if contact.fields.get("company")}
        companies = {name: self._companies.id_of(name) for name in sorted(names)}
        works_for = self._companies.kind(naming.WORKS_FOR) if companies else None
        values = []
        for contact in new:
            row = party_values(contact.fields)
            row["categories"] = [["add", [categories[path] for path in categories_of(contact)]]]
            if company := contact.fields.get("company"):
                row["relations"] = [["create", [{"to": companies[company], "type": works_for}]]]
            values.append(row)
        return len(self.client.create(naming.PARTY, values, seconds=SECONDS_TO_ADD_MANY))

    # --- Inside ---

    def _party(self, contact_id: str) -> Party | None:
        if not contact_id:
            return None
        rows = self.client.search_read(naming.PARTY, [["code", "=", contact_id]], FIELDS, limit=1)
        party = Party(rows[0]) if rows else None
        return party if party is not None and party.is_person and not party.is_erased else None

    def _users_of(self, email: str) -> list[Party]:
        address = email.strip().lower()
        if not address:
            return []
        escaped = address.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        domain = [["contact_mechanisms.value", "ilike", escaped]]
        rows = self.client.search_read(naming.PARTY, domain, FIELDS, order=IN_ORDER)
        parties = [Party(row) for row in rows]
        return [party for party in parties if party.is_person and address in party.email_addresses]

    def _later(self, since: datetime, after: Place | None) -> list[Any]:
        if after is None:
            return [["create_date", ">=", since]]
        at, code = after
        rows = self.client.search_read(naming.PARTY, [["code", "=", code]], ["code"], limit=1)
        if not rows:
            # It is gone: what was made in the same instant is given again, rather than missed.
            return [["create_date", ">=", max(at, since)]]
        later = [["create_date", "=", at], ["id", ">", rows[0]["id"]]]
        return [["create_date", ">=", since], ["OR", ["create_date", ">", at], later]]

    def _preferences(self, party: Party) -> dict[tuple[str, str], bool]:
        found: dict[tuple[str, str], bool] = {}
        for subscription in self._subscriptions.of(party.email_addresses):
            key = (subscription.topic, CHANNEL)
            found[key] = found.get(key, False) or subscription.active
        # A subscription that stands is what Tryton acts on, whatever a category says.
        return party.preferences | found

    def _set_by_email(self, party: Party, topic: str, *, wanted: bool) -> bool:
        """Whether the mailing list keeps the answer, so that no category has to."""
        found = self._subscriptions.of(party.email_addresses)
        if not wanted:
            return self._subscriptions.end(topic, found)
        if not party.emails:
            return False
        self._subscriptions.subscribe(party.email_addresses[0], topic, found)
        return True

    def _move_subscriptions(self, party: Party, old: Mechanism | None, new: str) -> None:
        if old is not None:
            self._subscriptions.move(old.value, new, keep_old=self._is_shared(old.value, party))

    def _forget_subscriptions(self, party: Party) -> None:
        own = [address for address in party.email_addresses if not self._is_shared(address, party)]
        self._subscriptions.forget(own)

    def _is_shared(self, address: str, party: Party) -> bool:
        return any(other.id != party.id for other in self._users_of(address))

    def _employ(self, party: Party, company: str) -> None:
        link = party.link(naming.WORKS_FOR)
        if not company:
            self.client.delete(naming.RELATION, [link.id] if link else [])
            return
        to = self._companies.id_of(company)
        if link is not None:
            self.client.change(naming.RELATION, [link.id], {"to": to, "end_date": None})
            return
        kind = self._companies.kind(naming.WORKS_FOR)
        self.client.create(naming.RELATION, [{"from_": party.id, "to": to, "type": kind}])

    def _recategorise(self, party: Party, add: Iterable[naming.Path], remove: Iterable[naming.Path]) -> None:
        if orders := self._categories.change(party, add, remove):
            self._write(party, {"categories": orders})

    def _write(self, party: Party, values: Mapping[str, Any]) -> None:
        meant = {name: value for name, value in values.items() if value != []}
        if not meant:
            return
        if not party.active:
            # Tryton lets nobody change a party that is inactive; afterwards it is as it was.
            self.client.change(naming.PARTY, [party.id], {"active": True})
            meant.setdefault("active", False)
        self.client.change(naming.PARTY, [party.id], meant)


def from_settings(settings: Settings, database: Database) -> TrytonCrm:
    """The connector as the settings describe it.

    Args:
        settings: of this process.
        database: where the clock is.

    Raises:
        ValueError: a setting is missing.
    """
    password = settings.tryton_password.get_secret_value()
    given = {
        "RIGHTLINE_TRYTON_URL": settings.tryton_url,
        "RIGHTLINE_TRYTON_DATABASE": settings.tryton_database,
        "RIGHTLINE_TRYTON_USER": settings.tryton_user,
        "RIGHTLINE_TRYTON_PASSWORD": password,
    }
    if missing := [name for name, value in given.items() if not value]:
        raise ValueError(f"RIGHTLINE_CRM is 'tryton', which also needs {', '.join(missing)}; set them.")
    client = TrytonClient(settings.tryton_url, settings.tryton_database, settings.tryton_user, password)

    def present() -> datetime:
        with database.read() as session:
            return now(session)

    if settings.demo:
        from actions.crm.tryton.demo import DemoTryton

        return DemoTryton(client, present)
    return TrytonCrm(client, present)
