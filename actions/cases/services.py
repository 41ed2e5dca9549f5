"""Opening, moving and finding cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import deadlines, references
from actions.cases.interfaces import (
    CASE_STATES,
    CLOSED_STATES,
    OPEN_STATES,
    RIGHTS,
    UNVERIFIED_STATES,
    TransitionRefused,
)
from actions.cases.models import Case, CaseEvent, address_hash
from actions.cases.states import require_person, transition, worded
from actions.clock import now
from actions.conversations.interfaces import CaseSummary


def open_case(
    session: Session,
    *,
    right: str,
    conversation_id: str | None,
    received_at: datetime,
    channel: str = "web",
    address: str | None = None,
    contact_id: str | None = None,
    state: str = "draft",
) -> Case:
    """Put a request on record.

    Args:
        session: a writing session.
        right: one of `interfaces.RIGHTS`.
        conversation_id: where it was made, if in a conversation.
        received_at: when the contact first asked, before any verification: the due date counts from there.
        channel: how it arrived: `web`, `slack`, `email`, `telephone`…
        address: the address it is about, once known; kept encrypted.
        contact_id: the CRM's id of the contact, once proven.
        state: where it begins; never a closed state.

    Raises:
        ValueError: no such right, no such state, or a closed one.
    """
    if right not in RIGHTS:
        raise ValueError(f"there is no right called '{right}'")
    if state not in OPEN_STATES:
        raise ValueError(f"a case cannot begin in the state '{state}'")
    case = Case(
        reference=_unused_reference(session),
        right=right,
        state=state,
        conversation_id=conversation_id,
        channel=channel,
        contact_id=contact_id,
        address=address,
        received_at=received_at,
        paused_days=0,
        due_on=deadlines.for_right(right, received_at).due,
        details={},
    )
    session.add(case)
    session.flush()
    _remember(session, case, by="assistant", from_state=None, action="case_opened", note="")
    return case


def move(session: Session, case: Case, to: str, *, by: str, note: str = "") -> None:
    """Take a case to another state, by a named transition, leaving a line of history and an audit entry.

    Args:
        session: a writing session.
        case: a case of this session; its row stays locked until the transaction ends.
        to: one of `interfaces.CASE_STATES`.
        by: `contact`, `assistant`, `worker`, or the name of an agent.
        note: why, without personal data.

    Raises:
        TransitionRefused: there is no such transition, somebody else was faster, or a refusal is not by a
            person or has no `reason` yet.
    """
    session.flush()
    present = session.scalar(select(Case.state).where(Case.id == case.id).with_for_update())
    if present != case.state:
        session.refresh(case)
        state = worded(case.state)
        raise TransitionRefused(f"Somebody else was faster: case {case.reference} is {state} now.")
    name = transition(case.reference, case.state, to)
    if to == "refused":
        require_person(case.reference, by, case.reason)
    came_from, case.state = case.state, to
    if to in CLOSED_STATES:
        case.closed_at = now(session)
    session.flush()
    _remember(session, case, by=by, from_state=came_from, action=f"case_{name}", note=note)


def decide(session: Session, case: Case, decision: str, *, by: str, reason: str = "") -> None:
    """Write down what an agent decided, and why; the state is moved by whoever carries it out.

    Args:
        session: a writing session.
        case: a case of this session.
        decision: `approved` or `refused`.
        by: the agent's name.
        reason: shown to the contact when refused.
    """
    case.decision, case.decided_by, case.decided_at = decision, by, now(session)
    case.reason = reason or None
    session.flush()


def by_reference(session: Session, text: str) -> Case | None:
    """The case of a reference as somebody typed or said it, however they spelt it."""
    reference = references.normalised(text)
    return None if reference is None else session.scalar(select(Case).where(Case.reference == reference))


def open_of_conversation(session: Session, conversation_id: str) -> list[Case]:
    """The cases of a conversation that are not closed, in the order they were opened."""
    return list(
        session.scalars(
            select(Case)
            .where(Case.conversation_id == conversation_id, Case.state.in_(OPEN_STATES))
            .order_by(Case.id)
        )
    )


def open_duplicate(session: Session, *, right: str, address: str) -> Case | None:
    """The open case of the same right about the same address, which a new request joins.

    One that is under way comes before one that is still a draft or unverified; then the oldest.
    """
    begun = Case.state.not_in(UNVERIFIED_STATES)
    return session.scalar(
        select(Case)
        .where(
            Case.address_hash == address_hash(address),
            Case.right == right,
            Case.state.in_(sorted(OPEN_STATES)),
        )
        .order_by(begun.desc(), Case.id)
        .limit(1)
    )


def of_address(session: Session, address: str) -> list[Case]:
    """Every case about an address, oldest first."""
    return list(
        session.scalars(select(Case).where(Case.address_hash == address_hash(address)).order_by(Case.id))
    )


def listed(session: Session, *, state: str | None = None, limit: int = 100) -> list[Case]:
    """Cases for an agent's list, the most urgent first.

    Raises:
        ValueError: no such state.
    """
    query = select(Case).order_by(Case.due_on, Case.id).limit(limit)
    if state is not None:
        if state not in CASE_STATES:
            raise ValueError(f"there is no case state called '{state}'")
        query = query.where(Case.state == state)
    return list(session.scalars(query))


def summary(case: Case) -> CaseSummary:
    """What a contact sees of a case."""
    due = case.due_on.isoformat()
    return {"reference": case.reference, "right": case.right, "state": case.state, "due": due}


def history(session: Session, case: Case) -> list[CaseEvent]:
    """What happened to a case, oldest first."""
    return list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)))


def _unused_reference(session: Session) -> str:
    while True:
        reference = references.fresh()
        if session.scalar(select(Case.id).where(Case.reference == reference)) is None:
            return reference


def _remember(
    session: Session, case: Case, *, by: str, from_state: str | None, action: str, note: str
) -> None:
    session.add(
        CaseEvent(
            case_id=case.id, at=now(session), by=by, from_state=from_state, to_state=case.state, note=note
        )
    )
    session.flush()
    details = {"right": case.right, "from": from_state, "to": case.state}
    record(session, actor=by, action=action, subject=case.reference, details=details)
