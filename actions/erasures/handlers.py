"""Steps of an erasure that concern our own records of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.database.wiping import wipe
from actions.erasures import forgetting, ledger, services
from actions.fulfilment.interfaces import GiveUp, NotYet, StepContext, TryLater
from actions.fulfilment.registry import handles, handles_here
from actions.fulfilment.services import cancel_steps
from actions.fulfilment.waiting import require_no_hold


@handles_here("record_erasure")
def record_erasure(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Remember what is about to be erased, and what a ground keeps until when.

    What their other requests, closed by now, had still to do later is cancelled: nobody must be told to use
    again what is erased.

    Raises:
        NotYet: a legal hold stands.
        GiveUp: there is no case.
    """
    case = session.get(Case, context.case_id) if context.case_id is not None else None
    if case is None:
        raise GiveUp("an erasure has no case")
    require_no_hold(session, context, payload["contact_id"])
    services.record(
        session,
        key=context.key,
        reference=payload["reference"],
        contact_id=payload["contact_id"],
        keep=payload["keep"],
        hashes=payload["hashes"],
    )
    for other in session.scalars(select(Case).where(Case.contact_id == payload["contact_id"])):
        if not other.is_open and other.id != case.id:
            cancel_steps(session, other)
    if payload["keep"]:
        review_on = payload["review_on"]
        services.defer(
            session,
            case,
            contact_id=payload["contact_id"],
            ground=payload["ground"] or "",
            review_on=date.fromisoformat(review_on) if review_on else None,
        )


@handles("save_ledger")
def save_ledger(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Write what was recorded into the ledger outside the database, before anything is erased."""
    ledger.save(context.database)


@handles_here(forgetting.FORGET)
def forget_contact(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Forget an erased contact in our own records: what was said, what was written, what we noted.

    Raises:
        NotYet: a legal hold stands, or another request of theirs is still open.
    """
    require_no_hold(session, context, payload["contact_id"])
    if forgetting.open_elsewhere(session, payload["contact_id"], payload["hashes"]):
        raise NotYet("another request of the same contact is still open")
    case = session.get(Case, context.case_id) if context.case_id is not None else None
    reference = case.reference if case is not None else f"step-{context.step_id}"
    forgetting.forget(session, payload["contact_id"], payload["hashes"], reference=reference)


@handles("wipe_disk")
def wipe_disk(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Leave nothing of what was deleted in the database's own files.

    Raises:
        TryLater: somebody was reading all the time.
    """
    if not wipe(context.database):
        raise TryLater("the database's log was in use")
