"""A look behind the scenes, for scripts and for people who show the demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.tasks import open_tasks
from actions.clock.services import machine_now
from actions.conversations.log import rfc3339
from actions.crm import demo as crm
from actions.fulfilment.journal import anything_due
from actions.fulfilment.models import Step
from actions.preferences.models import Suppression
from actions.preferences.services import AddressKind, fingerprint
from actions.wording.services import read_yaml
from bot.demo.models import DemoMail


def state(session: Session) -> dict[str, Any]:
    """Contacts, cases, preferences, suppression and tasks as they are now, and whether more is being done."""
    contacts = crm.state(session)
    return {
        "contacts": contacts,
        "cases": [_case(session, case) for case in session.scalars(select(Case).order_by(Case.id))],
        "preferences": {name: contact.get("preferences", {}) for name, contact in contacts.items()},
        "suppression": suppressed(session),
        "tasks": [
            {"kind": task.kind, "text": task.text, "due": task.due_on and task.due_on.isoformat()}
            for task in open_tasks(session)
        ],
        "worker_busy": worker_is_at_work(session) or anything_due(session),
    }


def worker_is_at_work(session: Session) -> bool:
    """Whether a step is being carried out."""
    running = select(Step.id).where(Step.state == "running", Step.lease_until > machine_now())
    return session.scalar(running.limit(1)) is not None


def suppressed(session: Session) -> list[str]:
    """Every suppressed address the demo has heard of; of any other its fingerprint, which is all there is."""
    marks = session.scalars(
        select(Suppression.fingerprint).where(Suppression.lifted_at.is_(None)).order_by(Suppression.id)
    )
    names = {fingerprint(kind, address): address for kind, address in _heard_of(session)}
    return [names.get(mark, mark) for mark in marks]


def _heard_of(session: Session) -> Iterator[tuple[AddressKind, str]]:
    for contact in read_yaml(crm.FILE)["contacts"].values():
        for address in contact["emails"]:
            yield "email", address.lower()
        for name in ("work_telephone", "mobile_telephone"):
            if number := contact.get(name):
                yield "phone", number
    for mail in session.scalars(select(DemoMail)):
        for address in mail.content["to"].split(", "):
            yield "email", address.lower()


def _case(session: Session, case: Case) -> dict[str, Any]:
    return {
        **cases.summary(case),
        "channel": case.channel,
        "contact": case.contact_id,
        "received_at": rfc3339(case.received_at),
        "closed_at": case.closed_at and rfc3339(case.closed_at),
        "decision": case.decision,
        "decided_by": case.decided_by,
        "reason": case.reason,
        "history": [
            {"at": rfc3339(event.at), "by": event.by, "from": event.from_state, "to": event.to_state}
            for event in cases.history(session, case)
        ],
    }
