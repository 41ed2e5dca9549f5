"""The demo's contacts in a Tryton: put there, looked at, and put there again.

Tryton stamps what it makes with its own time, so that everybody would have been added today. Here the demo's
contacts are read as added when `data/demo/contacts.yml` says, counted from when they were put into Tryton.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from actions.crm.interfaces import ContactRecord, FieldName, Place
from actions.crm.tryton import naming
from actions.crm.tryton.categories import Categories
from actions.crm.tryton.client import TrytonClient
from actions.crm.tryton.companies import Companies
from actions.crm.tryton.mapping import FIELDS, Party
from actions.crm.tryton.services import TrytonCrm
from actions.crm.tryton.subscriptions import CHANNEL, Subscriptions
from actions.crm.tryton.values import party_values
from actions.wording.services import read_yaml

FILE = "demo/contacts.yml"
LEFT_DAYS_AGO = 30
MADE_UP = "%.example"
"""Every address of the demo, and no other: the ending is kept free for examples (RFC 2606)."""


class DemoTryton(TrytonCrm):
    """The connector in the demo."""

    def recorded(self, party: Party) -> ContactRecord:
        """The contact a party is, with the demo's dates."""
        record = super().recorded(party)
        facts = _contacts().get(party.code)
        if facts is None:
            return record
        changed, days = record.email_changed_at, facts.get("email_changed_days_ago")
        if changed is None and days is not None:
            changed = party.added_at - timedelta(days=days)
        added = party.added_at - timedelta(days=facts["added_days_ago"])
        return replace(record, added_at=added, email_changed_at=changed)

    def added_since(self, since: datetime, after: Place | None, limit: int) -> Sequence[ContactRecord]:
        """A page of contacts in the order of the demo's dates, which Tryton cannot sort by."""
        parties = [Party(row) for row in self.client.search_read(naming.PARTY, [], FIELDS)]
        records = [self.recorded(party) for party in parties if party.is_person and not party.is_erased]
        places = sorted(((record.added_at, record.id), record) for record in records)
        later = [record for place, record in places if place[0] >= since and (after is None or place > after)]
        return later[:limit]

    def state(self) -> dict[str, Any]:
        """Every demo contact as it is now, in a few questions; who is gone is said to be erased."""
        domain = [["code", "in", list(_contacts())]]
        parties = {
            party.code: party
            for party in map(Party, self.client.search_read(naming.PARTY, domain, FIELDS))
            if not party.is_erased
        }
        emails = self._tracked_emails(parties.values())
        addresses = [address for party in parties.values() for address in party.email_addresses]
        subscriptions = Subscriptions(self.client).of(addresses)
        states: dict[str, Any] = {}
        for code in _contacts():
            party = parties.get(code)
            if party is None:
                states[code] = {"state": "erased"}
                continue
            record = self.recorded(party)
            preferences: dict[str, dict[str, bool]] = {}
            for (topic, channel), wanted in party.preferences.items():
                preferences.setdefault(topic, {})[channel] = wanted
            for each in subscriptions:
                if each.address in party.email_addresses:
                    preferences.setdefault(each.topic, {})[CHANNEL] = each.active
            states[code] = {
                "state": record.state,
                "fields": record.fields,
                "other_emails": list(record.other_emails),
                "preferences": preferences,
                "tracked_emails": emails[party.id],
            }
        return states

    def load(self, *, again: bool) -> int:
        """Put the demo's contacts into Tryton where none of them is.

        Args:
            again: take those away first that are there.

        Returns:
            How many were put there.

        Raises:
            CrmError: Tryton cannot do it now.
        """
        if again:
            self._unload()
        elif self.client.count(naming.PARTY, [["code", "in", list(_contacts())]]):
            return 0
        _Seeding(self.client, self._clock()).run()
        return len(_contacts())

    def _unload(self) -> None:
        content = read_yaml(FILE)
        agreements = [
            name for company in content["companies"].values() for name in company.get("agreements", {})
        ]
        codes = [*content["contacts"], *agreements, *content["companies"]]
        rows = self.client.search_read(naming.PARTY, [["code", "in", codes]], ["code"])
        ids = [row["id"] for row in rows]
        resources = [f"{naming.PARTY},{identifier}" for identifier in ids]
        for model in (naming.SENT, naming.ATTACHMENT, naming.NOTE):
            left = self.client.search_read(model, [["resource", "in", resources]], ["id"]) if ids else []
            self.client.delete(model, [row["id"] for row in left])
        made_up = self.client.search_read(naming.SUBSCRIPTION, [["email", "ilike", MADE_UP]], ["id"])
        self.client.delete(naming.SUBSCRIPTION, [row["id"] for row in made_up])
        self.client.delete(naming.PARTY, ids)

    def _tracked_emails(self, parties: Any) -> Counter[int]:
        resources = {f"{naming.PARTY},{party.id}": party.id for party in parties}
        counts: Counter[int] = Counter()
        for model, more in ((naming.SENT, []), (naming.ATTACHMENT, [["name", "ilike", "%.eml"]])):
            domain = [["resource", "in", list(resources)], *more]
            counts.update(
                resources[row["resource"]] for row in self.client.search_read(model, domain, ["resource"])
            )
        return counts


class _Seeding:
    """Makes the demo's companies, agreements and contacts, each kind in one request."""

    def __init__(self, client: TrytonClient, at: datetime) -> None:
        self._client = client
        self._at = at
        self._content = read_yaml(FILE)
        companies = Companies(client)
        self._kinds = {name: companies.kind(name) for name in KINDS}

    def run(self) -> None:
        """Make them all."""
        contacts: Mapping[str, Any] = self._content["contacts"]
        paths = {path for facts in contacts.values() for path in _categories(facts)}
        self._categories = Categories(self._client).ids({*paths, *naming.NO_PEOPLE})
        companies = self._make_companies()
        rows = [self._values(code, facts, companies) for code, facts in contacts.items()]
        people = dict(zip(contacts, self._client.create(naming.PARTY, rows), strict=True))
        self._make_agreements(companies, people)
        self._subscribe(contacts)
        self._file_emails(contacts, people)

    def _make_companies(self) -> dict[str, int]:
        category = [["add", [self._categories[naming.COMPANY]]]]
        rows = [
            {"code": code, "name": facts["name"], "categories": category}
            for code, facts in self._content["companies"].items()
        ]
        return dict(zip(self._content["companies"], self._client.create(naming.PARTY, rows), strict=True))

    def _values(self, code: str, facts: Mapping[str, Any], companies: Mapping[str, int]) -> dict[str, Any]:
        values = party_values({name: facts[name] for name in PLAIN if name in facts}) | {"code": code}
        mechanisms = values["contact_mechanisms"][0][1]
        mechanisms += [{"type": "email", "value": address.lower()} for address in facts["emails"]]
        values["categories"] = [["add", [self._categories[path] for path in _categories(facts)]]]
        if company := facts.get("company"):
            link: dict[str, Any] = {"to": companies[company], "type": self._kinds[naming.WORKS_FOR]}
            if facts.get("has_left"):
                link["end_date"] = (self._at - timedelta(days=LEFT_DAYS_AGO)).date()
            values["relations"] = [["create", [link]]]
        return values

    def _make_agreements(self, companies: Mapping[str, int], people: Mapping[str, int]) -> None:
        category = [["add", [self._categories[naming.AGREEMENT]]]]
        terms = {
            (company, code): terms
            for company, facts in self._content["companies"].items()
            for code, terms in facts.get("agreements", {}).items()
        }
        rows = [
            {"code": code, "name": each["title"], "categories": category}
            for (_company, code), each in terms.items()
        ]
        made = self._client.create(naming.PARTY, rows)
        links: list[dict[str, Any]] = []
        for ((company, _code), each), agreement in zip(terms.items(), made, strict=True):
            links.append(self._dated(companies[company], agreement, each))
            links += [
                {"from_": people[name], "to": agreement, "type": self._kinds[naming.SIGNED]}
                for name in each.get("signatories", [])
            ]
        self._client.create(naming.RELATION, links)

    def _dated(self, company: int, agreement: int, terms: Mapping[str, Any]) -> dict[str, Any]:
        today, ends = self._at.date(), terms.get("ends_in_days")
        return {
            "from_": company,
            "to": agreement,
            "type": self._kinds[naming.HAS_AGREEMENT],
            "start_date": today - timedelta(days=terms["started_days_ago"]),
            "end_date": None if ends is None else today + timedelta(days=ends),
        }

    def _subscribe(self, contacts: Mapping[str, Any]) -> None:
        wanted = {
            (facts["emails"][0].lower(), topic)
            for facts in contacts.values()
            for topic, channels in facts.get("preferences", {}).items()
            if CHANNEL in channels
        }
        Subscriptions(self._client).subscribe_all(wanted)

    def _file_emails(self, contacts: Mapping[str, Any], people: Mapping[str, int]) -> None:
        files = [
            _file(people[code], facts, number, self._at)
            for code, facts in contacts.items()
            for number in range(facts.get("tracked_emails", 0))
        ]
        self._client.create(naming.ATTACHMENT, files)


KINDS = (naming.WORKS_FOR, naming.HAS_AGREEMENT, naming.SIGNED)
PLAIN: tuple[FieldName, ...] = ("name", "surname", "work_telephone", "mobile_telephone")


def _contacts() -> Mapping[str, Any]:
    contacts: Mapping[str, Any] = read_yaml(FILE)["contacts"]
    return contacts


def _categories(facts: Mapping[str, Any]) -> list[naming.Path]:
    paths: list[naming.Path] = []
    if facts.get("state") == "restricted":
        paths.append(naming.RESTRICTED)
    if facts.get("email_bounced"):
        paths.append(naming.BOUNCED)
    if source := facts.get("source"):
        paths.append((*naming.SOURCE, source))
    for topic, channels in facts.get("preferences", {}).items():
        paths += [
            (*naming.WANTED, naming.preference(topic, channel)) for channel in channels if channel != CHANNEL
        ]
    return paths


def _file(party: int, facts: Mapping[str, Any], number: int, at: datetime) -> dict[str, Any]:
    message = EmailMessage()
    message["Subject"] = f"Re: your question no. {number + 1}"
    message["Date"] = at - timedelta(days=3 * number + 1)
    message["To"] = facts["emails"][0]
    message.set_content(
        f"Dear {facts.get('name', 'colleague')}, we have your message and are looking into it."
    )
    resource = f"{naming.PARTY},{party}"
    return {"name": f"question-{number + 1}.eml", "resource": resource, "data": bytes(message)}
