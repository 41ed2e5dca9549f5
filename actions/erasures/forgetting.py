"""Forgetting an erased contact in our own records: conversations, letters, notes, what cases no longer need.

What stays is what shows that the request was served: the case with its dates, states, decision and plan, the
history, the audit trail and keyed hashes. How each part forgets is in `forgetters`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases.interfaces import OPEN_STATES
from actions.cases.models import Case, address_hash
from actions.clock import now
from actions.conversations import log
from actions.conversations.models import Message
from actions.erasures.forgetters import FORGETTERS, Forgotten
from actions.fulfilment.interfaces import WAITING_STATES
from actions.fulfilment.models import Step
from actions.fulfilment.services import open_steps, plan_step
from actions.identity.models import VerificationCode
from actions.mail.models import SentLetter

FORGET = "forget_contact"
AFTER = timedelta(hours=24)
"""How long the conversation stays readable once the erasure is done: long enough to read the end of it."""


def plan_forgetting(
    session: Session, case: Case, contact_id: str, addresses: Sequence[str], *, key: str = ""
) -> None:
    """Plan that an erased contact is forgotten in our own records, a day after the case is closed.

    Args:
        session: a writing session.
        case: the erasure's case; to be planned after its last letter and word.
        contact_id: the CRM's id of the contact.
        addresses: those that were theirs alone (`services.Addresses.own`).
        key: put into the steps' keys, as for `services.plan_erasure`.
    """
    hashes = sorted({address_hash(address) for address in addresses})
    plan_step(
        session,
        kind=FORGET,
        payload={"contact_id": contact_id, "hashes": hashes},
        key=f"case:{case.id}:{key}forget",
        case=case,
        not_before=_end_of_waiting(session, case) + AFTER,
    )
    plan_step(session, kind="wipe_disk", payload={}, key=f"case:{case.id}:{key}wipe", case=case)


def open_elsewhere(session: Session, contact_id: str, hashes: Sequence[str]) -> bool:
    """Whether another request of theirs is under way, which still needs what would be forgotten."""
    theirs = (Case.contact_id == contact_id) | Case.address_hash.in_(hashes)
    return session.scalar(select(Case.id).where(theirs, Case.state.in_(OPEN_STATES)).limit(1)) is not None


def forget(session: Session, contact_id: str, hashes: Sequence[str], *, reference: str) -> Forgotten:
    """Forget a contact everywhere in our own database.

    Args:
        session: a writing session.
        contact_id: the CRM's id of the contact.
        hashes: keyed hashes of the addresses that were theirs alone.
        reference: the case that asked for it.

    Returns:
        Whom and where; what was found is gone once the transaction is committed.
    """
    whom = _whom(session, contact_id, hashes)
    # Conversations before everything else, as a turn locks them.
    for conversation_id in whom.conversations:
        log.lock(session, conversation_id)
    counts = {name: forgetter(session, whom) for name, forgetter in FORGETTERS.items()}
    audit.record(
        session,
        actor="worker",
        action="contact_forgotten",
        subject=reference,
        details={name: count for name, count in counts.items() if count},
    )
    return whom


def remains(session: Session, contact_id: str, hashes: Sequence[str], *, before: datetime) -> dict[str, int]:
    """What our own records have again of somebody they had forgotten, or were about to forget.

    Args:
        session: any session.
        contact_id: the CRM's id of the contact.
        hashes: keyed hashes of the addresses that were theirs alone.
        before: when they were erased; what came later is something else.

    Returns:
        How much there is of each kind; nothing where the journal will forget it by itself.
    """
    whom = _whom(session, contact_id, hashes)
    planned = select(Step.id).where(
        Step.case_id.in_(whom.cases), Step.kind == FORGET, Step.state.in_(WAITING_STATES)
    )
    if session.scalar(planned.limit(1)) is not None:
        return {}
    counts = {
        "messages": select(Message.id).where(
            Message.conversation_id.in_(whom.conversations), Message.erased.is_(False), Message.at <= before
        ),
        "letters": select(SentLetter.id).where(
            SentLetter.address_hash.in_(hashes),
            SentLetter.content.is_not(None),
            SentLetter.posted_at <= before,
        ),
        "cases": select(Case.id).where(
            Case.id.in_(whom.cases), Case.address.is_not(None), Case.received_at <= before
        ),
    }
    found = {
        name: session.scalar(select(func.count()).select_from(query.subquery())) or 0
        for name, query in counts.items()
    }
    return {name: count for name, count in found.items() if count}


def _whom(session: Session, contact_id: str, hashes: Sequence[str]) -> Forgotten:
    theirs = (Case.contact_id == contact_id) | Case.address_hash.in_(hashes)
    cases = session.scalars(select(Case).where(theirs)).all()
    proven = session.scalars(
        select(VerificationCode.conversation_id).where(
            VerificationCode.address_hash.in_(hashes), VerificationCode.used_at.is_not(None)
        )
    )
    conversations = {case.conversation_id for case in cases if case.conversation_id} | set(proven)
    return Forgotten(
        contact_id,
        tuple(hashes),
        tuple(case.id for case in cases if not case.is_open),
        tuple(sorted(conversations)),
    )


def _end_of_waiting(session: Session, case: Case) -> datetime:
    """When the case's other steps are done at the latest, as far as it is known now."""
    ends = [step.not_before for step in open_steps(session, case) if step.not_before]
    return max([now(session), *ends])
