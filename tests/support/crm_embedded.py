"""The embedded CRM, with people put into it straight through its tables."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.crm.embedded import EmbeddedCrm
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
from tests.support.crm_contract import Ability, Person


class EmbeddedHarness:
    """A `CrmHarness` over our own database, which is empty in every test."""

    lacks: frozenset[Ability] = frozenset()

    def __init__(self, database: Database) -> None:
        self._database = database
        self.crm = EmbeddedCrm(database)

    def make_contact(self, person: Person) -> str:
        """Put a person on file."""
        identifier = f"t-{secrets.token_hex(4)}"
        with self._database.write() as session:
            company = person.fields.get("company")
            session.add(
                Contact(
                    id=identifier,
                    company_id=company and _company(session, company),
                    added_at=now(session),
                    **{name: value for name, value in person.fields.items() if name != "email"},
                )
            )
            session.flush()
            for address in (person.fields["email"], *person.other_emails):
                primary = address == person.fields["email"]
                session.add(ContactEmail(contact_id=identifier, address=address, primary=primary))
                session.flush()
            for (topic, channel), wanted in person.preferences.items():
                session.add(
                    ContactPreference(contact_id=identifier, topic=topic, channel=channel, wanted=wanted)
                )
            _write_emails(session, identifier, person)
            _sign(session, identifier, person)
        return identifier


def _company(session: Session, name: str) -> str:
    found = session.scalar(select(Company.id).where(Company.name == name))
    if found is None:
        found = f"co-{secrets.token_hex(4)}"
        session.add(Company(id=found, name=name))
        session.flush()
    return found


def _write_emails(session: Session, identifier: str, person: Person) -> None:
    for number in range(person.emails):
        session.add(
            TrackedEmail(
                contact_id=identifier,
                at=now(session) - timedelta(days=number),
                subject=f"Question {number}",
                body=f"Dear {person.fields['name']}",
            )
        )


def _sign(session: Session, identifier: str, person: Person) -> None:
    today = now(session).date()
    for terms in person.agreements:
        ends = terms.ends_in_days
        agreement = f"a-{secrets.token_hex(4)}"
        session.add(
            ServiceAgreement(
                id=agreement,
                company_id=_company(session, person.fields["company"]),
                title=terms.title,
                starts_on=today - timedelta(days=400),
                ends_on=None if ends is None else today + timedelta(days=ends),
            )
        )
        session.flush()
        if terms.signatory:
            session.add(Signatory(agreement_id=agreement, contact_id=identifier))
