"""The demo's companies and contacts: loaded from data, with dates relative to the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Protocol, runtime_checkable

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.crm.models import (
    Company,
    Contact,
    ContactEmail,
    ContactPreference,
    ServiceAgreement,
    Signatory,
    TrackedEmail,
)
from actions.crm.services import get_crm
from actions.database import Database
from actions.recipients import services as recipients
from actions.recipients.models import Disclosure
from actions.settings import get_settings
from actions.wording.services import read_yaml

TABLES = (
    Disclosure,
    TrackedEmail,
    ContactPreference,
    ContactEmail,
    Signatory,
    ServiceAgreement,
    Contact,
    Company,
)
FILE = "demo/contacts.yml"

log = structlog.get_logger(__name__)


@runtime_checkable
class DemoCrm(Protocol):
    """What another CRM than the embedded one does to show the demo's contacts, under their own ids."""

    def load(self, *, again: bool) -> int:
        """Put the demo's contacts there where none is; returns how many. `again` takes them away first."""
        ...

    def state(self) -> dict[str, Any]:
        """Every demo contact as it is now, as `state` below gives them."""
        ...


def load_demo(database: Database, *, replace: bool = False) -> int:
    """Load the demo contacts where there are no contacts yet.

    Args:
        database: where to.
        replace: wipe the embedded CRM first.

    Returns:
        How many contacts were loaded.
    """
    content = read_yaml(FILE)
    with database.write() as session:
        if replace:
            for table in TABLES:
                session.execute(delete(table))
        elif session.scalar(select(Company.id).limit(1)) is not None:
            return 0
        at = now(session)
        for identifier, company in content["companies"].items():
            _company(session, identifier, company, at.date())
        session.flush()
        for identifier, contact in content["contacts"].items():
            _contact(session, identifier, contact, content["companies"], at)
        session.flush()
        for company in content["companies"].values():
            for agreement, facts in company.get("agreements", {}).items():
                for signatory in facts.get("signatories", []):
                    session.add(Signatory(agreement_id=agreement, contact_id=signatory))
        _disclose(session)
        return len(content["contacts"])


def prepare(database: Database, *, again: bool = False) -> int:
    """Put the demo's contacts into the CRM the settings name, where none of them is there yet.

    A CRM that has no demo of its own keeps the contacts it has.

    Args:
        database: of ours.
        again: take those away first that are there.

    Returns:
        How many contacts were put there.

    Raises:
        CrmError: the CRM cannot do it now.
    """
    if get_settings().crm == "embedded":
        return load_demo(database, replace=again)
    crm = get_crm()
    if not isinstance(crm, DemoCrm):
        log.warning("demo_contacts_not_loaded", crm=get_settings().crm)
        return 0
    loaded = crm.load(again=again)
    with database.write() as session:
        if session.scalar(select(Disclosure.contact_id).limit(1)) is None:
            _disclose(session)
    return loaded


def state(session: Session) -> dict[str, Any]:
    """Every demo contact as it is now; what is gone is said to be erased, and nothing else is known of it."""
    if get_settings().crm != "embedded":
        crm = get_crm()
        return crm.state() if isinstance(crm, DemoCrm) else {}
    return {identifier: _state(session, identifier) for identifier in read_yaml(FILE)["contacts"]}


def _disclose(session: Session) -> None:
    for identifier, facts in read_yaml(FILE)["contacts"].items():
        for recipient in facts.get("disclosed_to", []):
            recipients.record(session, identifier, recipient)


def _state(session: Session, identifier: str) -> dict[str, Any]:
    contact = session.get(Contact, identifier)
    if contact is None:
        return {"state": "erased"}
    addresses = session.scalars(
        select(ContactEmail).where(ContactEmail.contact_id == identifier).order_by(ContactEmail.id)
    ).all()
    preferences: dict[str, dict[str, bool]] = {}
    for row in session.scalars(select(ContactPreference).where(ContactPreference.contact_id == identifier)):
        preferences.setdefault(row.topic, {})[row.channel] = row.wanted
    fields = {
        "name": contact.name,
        "surname": contact.surname,
        "email": next((row.address for row in addresses if row.primary), None),
        "work_telephone": contact.work_telephone,
        "mobile_telephone": contact.mobile_telephone,
        "company": contact.company,
    }
    return {
        "state": contact.state,
        "fields": {name: value for name, value in fields.items() if value},
        "other_emails": [row.address for row in addresses if not row.primary],
        "preferences": preferences,
        "tracked_emails": len(
            session.scalars(select(TrackedEmail.id).where(TrackedEmail.contact_id == identifier)).all()
        ),
    }


def _company(session: Session, identifier: str, facts: dict[str, Any], today: date) -> None:
    session.add(Company(id=identifier, name=facts["name"]))
    session.flush()
    for agreement, terms in facts.get("agreements", {}).items():
        ends = terms.get("ends_in_days")
        session.add(
            ServiceAgreement(
                id=agreement,
                company_id=identifier,
                title=terms["title"],
                starts_on=today - timedelta(days=terms["started_days_ago"]),
                ends_on=None if ends is None else today + timedelta(days=ends),
            )
        )


def _contact(
    session: Session, identifier: str, facts: dict[str, Any], companies: dict[str, Any], at: datetime
) -> None:
    company = facts.get("company")
    changed = facts.get("email_changed_days_ago")
    session.add(
        Contact(
            id=identifier,
            company_id=company,
            state=facts.get("state", "active"),
            name=facts.get("name"),
            surname=facts.get("surname"),
            work_telephone=facts.get("work_telephone"),
            mobile_telephone=facts.get("mobile_telephone"),
            company=companies[company]["name"] if company else None,
            added_at=at - timedelta(days=facts["added_days_ago"]),
            has_left=facts.get("has_left", False),
            email_changed_at=None if changed is None else at - timedelta(days=changed),
            email_bounced=facts.get("email_bounced", False),
            source=facts.get("source"),
        )
    )
    session.flush()
    for position, address in enumerate(facts["emails"]):
        session.add(ContactEmail(contact_id=identifier, address=address.lower(), primary=position == 0))
        session.flush()
    for topic, channels in facts.get("preferences", {}).items():
        for channel in channels:
            session.add(ContactPreference(contact_id=identifier, topic=topic, channel=channel, wanted=True))
    for number in range(facts.get("tracked_emails", 0)):
        session.add(
            TrackedEmail(
                contact_id=identifier,
                at=at - timedelta(days=3 * number + 1),
                subject=f"Re: your question no. {number + 1}",
                body=f"Dear {facts.get('name', 'colleague')}, we have your message and are looking into it.",
            )
        )
