"""A stand-in of HubSpot into which people are put as colleagues would on its pages."""

from __future__ import annotations

from datetime import timedelta

from actions.clock.services import machine_now
from actions.crm.hubspot import mapping
from actions.crm.hubspot.services import HubSpot
from actions.database import Database
from actions.settings import Settings
from tests.peers.hubspot import TOKEN, HubSpotStandIn
from tests.peers.hubspot_objects import Account
from tests.peers.hubspot_things import Thing
from tests.support.crm_contract import Ability, Person

TOPICS = {
    301: "Monthly newsletter",
    302: "Technology updates",
    303: "Sales and marketing messages",
    304: "Technical support updates",
    399: "Something the policy does not know",
}


class HubSpotHarness:
    """A `CrmHarness` over the stand-in."""

    lacks: frozenset[Ability] = frozenset({"shared_addresses"})

    def __init__(self, stand_in: HubSpotStandIn, database: Database, *, seconds: float = 5.0) -> None:
        """Connect, over an account with nobody in it."""
        self.stand_in = stand_in
        stand_in.account.topics = dict(TOPICS)
        stand_in.account.made |= {mapping.AGREEMENT, mapping.STARTS, mapping.ENDS, mapping.SIGNATORIES}
        settings = Settings(
            hubspot_url=stand_in.url,
            hubspot_token=TOKEN,
            connector_timeout=seconds,  # type: ignore[arg-type]
        )
        self.crm = HubSpot.of(settings, database)

    @property
    def account(self) -> Account:
        """What is in HubSpot."""
        return self.stand_in.account

    def make_contact(self, person: Person) -> str:
        """Put a person on file."""
        properties = {mapping.FIELDS[name]: value for name, value in person.fields.items()}
        if person.other_emails:
            properties[mapping.OTHER_EMAILS] = ";".join(person.other_emails)
        by_hand = {key: wanted for key, wanted in person.preferences.items() if key[1] != "email"}
        if by_hand:
            properties[mapping.PREFERENCES] = mapping.preferences_as_text(by_hand)
        company = self._company(person.fields["company"]) if "company" in person.fields else None
        number = self.account.put_contact(properties, self.account.now(), company=company)
        for (topic, channel), wanted in person.preferences.items():
            if channel == "email":
                label = topic.replace("_", " ").capitalize()
                kind = next(each for each, name in TOPICS.items() if name == label)
                state = "SUBSCRIBED" if wanted else "UNSUBSCRIBED"
                self.account.subscribed[person.fields["email"], kind] = state
        for position in range(person.emails):
            self._email(number, person, position)
        for terms in person.agreements:
            today = machine_now().date()
            noted = self.account.companies[company or ""].properties
            noted[mapping.AGREEMENT] = terms.title
            noted[mapping.STARTS] = (today - timedelta(days=400)).isoformat()
            if terms.ends_in_days is not None:
                noted[mapping.ENDS] = (today + timedelta(days=terms.ends_in_days)).isoformat()
            if terms.signatory:
                noted[mapping.SIGNATORIES] = number
        return number

    def _company(self, name: str) -> str:
        for known in self.account.companies.values():
            if known.properties["name"] == name:
                return known.id
        number = str(next(self.account.numbers))
        self.account.companies[number] = Thing(number, {"name": name}, machine_now())
        return number

    def _email(self, contact: str, person: Person, position: int) -> None:
        number = str(next(self.account.numbers))
        at = machine_now() - timedelta(days=position)
        properties = {
            "hs_timestamp": at.isoformat(),
            "hs_email_subject": f"Question {position}",
            "hs_email_text": f"Dear {person.fields['name']}",
        }
        self.account.emails[number] = Thing(number, properties, at, contact=contact)
