"""When a ground to keep something ends, the rest is erased and the contact is told (policy 3, 9.4 and 9.5).

An agreement's end is seen in the CRM, by our clock, whatever was expected when the erasure was decided: one
that was renewed goes on keeping, one that was ended early keeps no longer. Any other ground is for a person,
who gets a task on the case's review date.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases.holds import on_hold
from actions.cases.interfaces import ChangeRefused
from actions.cases.models import Case
from actions.cases.states import require_agent
from actions.cases.tasks import complete as complete_task
from actions.cases.tasks import open_tasks
from actions.clock import now
from actions.crm import services as crm_services
from actions.crm.interfaces import Crm, Holdings
from actions.database import Database
from actions.erasures.forgetting import plan_forgetting
from actions.erasures.models import BY_THE_CRM, DeferredErasure
from actions.erasures.services import plan_erasure
from actions.mail import services as mail
from actions.mail.interfaces import MailRefused
from actions.rights import sources

LOOK_EVERY = timedelta(days=1)
AT_A_TIME = 50
REST = "rest:"
Outcome = Literal["kept", "held", "over"]
log = structlog.get_logger("reviews")


def review(database: Database) -> int:
    """Look at every ground whose turn it is; each in a transaction of its own.

    Returns:
        How many erasures were completed or set in motion.

    Raises:
        CrmError: the CRM cannot be asked now; the rest is looked at next time.
    """
    with database.read() as session:
        waiting = session.scalars(
            select(DeferredErasure)
            .where(
                DeferredErasure.state == "waiting",
                DeferredErasure.look_at <= now(session),
                DeferredErasure.ground == BY_THE_CRM,
            )
            .order_by(DeferredErasure.look_at)
            .limit(AT_A_TIME)
        ).all()
    if not waiting:
        return 0
    crm = crm_services.get_crm()
    completed = 0
    for row in waiting:
        holdings = crm.holdings(row.contact_id)
        with database.write() as session:
            outcome = _look(session, crm, row.id, holdings)
        log.info("ground_reviewed", case=row.case_id, outcome=outcome)
        completed += outcome == "over"
    return completed


def _look(session: Session, crm: Crm, row_id: int, holdings: Holdings | None) -> Outcome:
    row = session.get_one(DeferredErasure, row_id, with_for_update=True)
    if row.state != "waiting":
        return "over"
    case = session.get_one(Case, row.case_id)
    row.look_at = now(session) + LOOK_EVERY
    if holdings is None:
        return _end(session, case, row, "gone from the CRM")
    if on_hold(session, case):
        return "held"
    agreement = holdings.active_agreement
    if agreement is not None:
        row.review_on = agreement.ends_on
        return "kept"
    complete(session, crm, case, holdings)
    return _end(session, case, row, "the ground has ended")


def complete(session: Session, crm: Crm, case: Case, holdings: Holdings) -> None:
    """Plan the erasure of what a ground kept, and the letter that tells the contact.

    Args:
        session: a writing session.
        crm: for reading only.
        case: the erasure's case, closed long ago; its journal goes on.
        holdings: what is left.
    """
    contact = holdings.contact
    addresses = plan_erasure(session, crm, case, holdings, key=REST)
    sources.raise_tasks(session, case, holdings, "erasure")
    if contact.email:
        try:
            mail.post(
                session,
                "erasure_completed",
                contact.email,
                case=case,
                key=f"case:{case.id}:{REST}done",
                reference=case.reference,
            )
        except MailRefused:
            log.warning("no_address_to_write_to", case=case.id)
    plan_forgetting(session, case, contact.id, addresses.own, key=REST)


def waiting_of(session: Session, case: Case) -> DeferredErasure | None:
    """What a ground still keeps after an erasure; None when nothing is kept any more."""
    return session.scalar(
        select(DeferredErasure).where(DeferredErasure.case_id == case.id, DeferredErasure.state == "waiting")
    )


def end_by_hand(session: Session, crm: Crm, case: Case, *, by: str) -> Outcome:
    """A person has looked: the ground has ended, so the rest is erased and the contact told.

    Args:
        session: a writing session.
        crm: for reading only.
        case: the erasure's case.
        by: who looked.

    Raises:
        ChangeRefused: not by a person, nothing is kept any more, a hold stands, or the agreement behind the
            ground is active still.
    """
    name = require_agent(by, "end a ground")
    found = waiting_of(session, case)
    row = session.get(DeferredErasure, found.id, with_for_update=True) if found is not None else None
    if row is None or row.state != "waiting":
        raise ChangeRefused(f"Nothing of {case.reference} is kept any more.")
    holdings = crm.holdings(row.contact_id)
    if holdings is None:
        return _end(session, case, row, "gone from the CRM", by=name)
    if on_hold(session, case):
        raise ChangeRefused(f"{case.reference} is under a legal hold: lift it first.")
    if row.ground == BY_THE_CRM and holdings.active_agreement is not None:
        raise ChangeRefused(f"The agreement behind {case.reference} is active still, so the ground stands.")
    complete(session, crm, case, holdings)
    for task in open_tasks(session, case=case, kind="review_date"):
        complete_task(session, task, by=name)
    return _end(session, case, row, "ended by a person", by=name)


def _end(session: Session, case: Case, row: DeferredErasure, why: str, *, by: str = "worker") -> Outcome:
    row.state, row.ended_at = "over", now(session)
    details = {"ground": row.ground, "why": why}
    audit.record(session, actor=by, action="ground_ended", subject=case.reference, details=details)
    return "over"
