"""A real Tryton to which people are added as its own people would: parties, lists, relations and files."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from actions.clock.services import machine_now
from actions.crm.tryton import naming
from actions.crm.tryton.categories import Categories
from actions.crm.tryton.client import TrytonClient
from actions.crm.tryton.companies import Companies
from actions.crm.tryton.services import TrytonCrm, party_values
from actions.crm.tryton.subscriptions import Subscriptions
from tests.peers.tryton import Tryton
from tests.support.crm_contract import Ability, Person

STARTED = timedelta(days=400)


def client(tryton: Tryton, url: str | None = None, **more: Any) -> TrytonClient:
    """A client of a running server.

    Args:
        tryton: the server.
        url: by which to reach it; its own when left out.
        more: given to `TrytonClient`.
    """
    return TrytonClient(url or tryton.url, tryton.database, tryton.user, tryton.password, **more)


class TrytonHarness:
    """A `CrmHarness` over a running Tryton."""

    lacks: frozenset[Ability] = frozenset()

    def __init__(self, tryton: Tryton) -> None:
        self.client = tryton.administrator()
        self.crm = TrytonCrm(client(tryton), machine_now)

    def reset(self) -> None:
        """Take everybody away."""
        for model in (naming.SUBSCRIPTION, naming.SENT, naming.ATTACHMENT, naming.NOTE, naming.PARTY):
            rows = self.client.search_read(model, [], ["id"])
            self.client.delete(model, [row["id"] for row in rows])

    def make_contact(self, person: Person) -> str:
        """Put a person on file."""
        code = f"T{secrets.token_hex(4)}"
        values = party_values(person.fields) | {"code": code}
        others = [{"type": "email", "value": address} for address in person.other_emails]
        values["contact_mechanisms"] += [["create", others]] if others else []
        companies = Companies(self.client)
        company = person.fields.get("company")
        if company:
            link = {"to": companies.id_of(company), "type": companies.kind(naming.WORKS_FOR)}
            values["relations"] = [["create", [link]]]
        (party,) = self.client.create(naming.PARTY, [values])
        self._prefer(party, person)
        self._file_emails(party, person)
        for number in range(len(person.agreements)):
            self._sign(party, number, person, code)
        return code

    def _prefer(self, party: int, person: Person) -> None:
        subscriptions = Subscriptions(self.client)
        paths: list[naming.Path] = []
        for (topic, channel), wanted in person.preferences.items():
            if channel == "email":
                address = person.fields["email"]
                subscriptions.subscribe(address, topic, subscriptions.of([address]))
                if not wanted:
                    subscriptions.end(topic, subscriptions.of([address]))
            else:
                root = naming.WANTED if wanted else naming.UNWANTED
                paths.append((*root, naming.preference(topic, channel)))
        if paths:
            ids = list(Categories(self.client).ids(paths).values())
            self.client.change(naming.PARTY, [party], {"categories": [["add", ids]]})

    def _file_emails(self, party: int, person: Person) -> None:
        files = []
        for number in range(person.emails):
            message = EmailMessage()
            message["Subject"] = f"Question {number}"
            message["Date"] = datetime(2026, 1, 28 - number, 9, tzinfo=UTC)
            message.set_content(f"Dear {person.fields['name']}, thank you.")
            files.append(
                {
                    "name": f"Question {number}.eml",
                    "resource": f"{naming.PARTY},{party}",
                    "data": bytes(message),
                }
            )
        if files:
            self.client.create(naming.ATTACHMENT, files)

    def _sign(self, party: int, number: int, person: Person, code: str) -> None:
        terms = person.agreements[number]
        today = machine_now().date()
        companies = Companies(self.client)
        category = Categories(self.client).ids([naming.AGREEMENT])[naming.AGREEMENT]
        (agreement,) = self.client.create(
            naming.PARTY,
            [{"name": terms.title, "code": f"A{number}-{code}", "categories": [["add", [category]]]}],
        )
        relations = [
            {
                "from_": companies.id_of(person.fields["company"]),
                "to": agreement,
                "type": companies.kind(naming.HAS_AGREEMENT),
                "start_date": today - STARTED,
                "end_date": None
                if terms.ends_in_days is None
                else today + timedelta(days=terms.ends_in_days),
            }
        ]
        if terms.signatory:
            relations.append({"from_": party, "to": agreement, "type": companies.kind(naming.SIGNED)})
        self.client.create(naming.RELATION, relations)
