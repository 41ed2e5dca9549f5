"""Opening a case and taking it from state to state, each time with a line of history and an audit entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import deadlines, references
from actions.cases.counting import end_pause
from actions.cases.holds import on_hold
from actions.cases.interfaces import CLOSED_STATES, JURISDICTIONS, OPEN_STATES, RIGHTS, TransitionRefused
from actions.cases.models import Case, CaseEvent
from actions.cases.notes import link
from actions.cases.states import require_person, transition, worded
from actions.cases.watching import tell_watchers
from actions.clock import now

DESTROYING = frozenset({"scheduled", "in_progress"})
TELLS_AT_ONCE = frozenset({"assistant", "contact"})
"""Who hands a case to a person in a conversation, which says so with the reference and the due date."""


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
    jurisdiction: str = "uk",
    by: str = "assistant",
) -> Case:
    """Put a request on record; it is linked to those that were made in the same message.

    Args:
        session: a writing session.
        right: one of `interfaces.RIGHTS`.
        conversation_id: where it was made, if in a conversation.
        received_at: when the contact first asked, before any verification: the due date counts from there.
        channel: how it arrived: `web`, `slack`, `email`, `telephone`…
        address: the address it is about, once known; kept encrypted.
        contact_id: the CRM's id of the contact, once proven.
        state: where it begins; never a closed state.
        jurisdiction: one of `interfaces.JURISDICTIONS`.
        by: who puts it on record.

    Raises:
        ValueError: no such right, state or jurisdiction, or a closed state.
    """
    if right not in RIGHTS:
        raise ValueError(f"there is no right called '{right}'")
    if state not in OPEN_STATES:
        raise ValueError(f"a case cannot begin in the state '{state}'")
    if jurisdiction not in JURISDICTIONS:
        raise ValueError(f"there is no jurisdiction called '{jurisdiction}'")
    case = Case(
        reference=_unused_reference(session),
        right=right,
        state=state,
        conversation_id=conversation_id,
        channel=channel,
        contact_id=contact_id,
        address=address,
        received_at=received_at,
        jurisdiction=jurisdiction,
        pauses=[],
        paused_days=0,
        due_on=deadlines.for_right(right, received_at).due,
        details={},
    )
    session.add(case)
    session.flush()
    _remember(session, case, by=by, from_state=None, action="case_opened", note="")
    for sibling in _of_the_same_message(session, case):
        link(session, case, sibling, "same_message", by=by)
    return case


def open_linked(session: Session, case: Case, right: str, *, by: str) -> Case:
    """Put a further request on record that was found inside another one: same words, same day, same person.

    Args:
        session: a writing session.
        case: the request it was found in.
        right: one of `interfaces.RIGHTS`.
        by: who found it.

    Raises:
        ValueError: no such right.
    """
    found = open_case(
        session,
        right=right,
        conversation_id=case.conversation_id,
        received_at=case.received_at,
        channel=case.channel,
        address=case.address,
        contact_id=case.contact_id,
        state="awaiting_approval",
        jurisdiction=case.jurisdiction,
        by=by,
    )
    link(session, case, found, "same_message", by=by)
    return found


def move(session: Session, case: Case, to: str, *, by: str, note: str = "") -> None:
    """Take a case to another state, by a named transition, leaving a line of history and an audit entry.

    A clarification that was awaited is awaited no more once the case goes on, so its pause ends.

    Args:
        session: a writing session.
        case: a case of this session; its row stays locked until the transaction ends.
        to: one of `interfaces.CASE_STATES`.
        by: `contact`, `assistant`, `worker`, or the name of an agent.
        note: why, without personal data.

    Raises:
        TransitionRefused: there is no such transition, somebody else was faster, a legal hold forbids to
            erase, or a refusal is not by a person or has no `reason` yet.
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
    if case.right == "erasure" and to in DESTROYING and on_hold(session, case):
        raise TransitionRefused(
            f"Case {case.reference} is under a legal hold: nothing may be erased until it is lifted."
        )
    came_from, case.state = case.state, to
    if to == "awaiting_approval" and by in TELLS_AT_ONCE and case.acknowledged_at is None:
        case.acknowledged_at = now(session)
    if came_from == "awaiting_clarification":
        end_pause(case, deadlines.local_date(now(session)))
    if to in CLOSED_STATES:
        case.closed_at = now(session)
    session.flush()
    _remember(session, case, by=by, from_state=came_from, action=f"case_{name}", note=note)


def join(session: Session, case: Case, running: Case, *, by: str = "assistant") -> None:
    """Let a duplicate join the case that is open already: closed as withdrawn, and linked to it.

    Args:
        session: a writing session.
        case: the newer request.
        running: the one it joins, such as `finding.open_duplicate` finds.
        by: who noticed.

    Raises:
        TransitionRefused: the newer one is too far gone to be closed.
    """
    move(session, case, "withdrawn", by=by, note=f"joins {running.reference}")
    link(session, case, running, "duplicate", by=by)


def decide(
    session: Session, case: Case, decision: str, *, by: str, reason: str = "", ground: str | None = None
) -> None:
    """Write down what an agent decided, and why; the state is moved by whoever carries it out.

    Args:
        session: a writing session.
        case: a case of this session.
        decision: `approved` or `refused`.
        by: the agent's name.
        reason: shown to the contact when refused.
        ground: the article or section it rests on, such as `UK GDPR Art. 17(3)(e)`.
    """
    case.decision, case.decided_by, case.decided_at = decision, by, now(session)
    case.reason = reason or None
    case.ground = ground or case.ground
    session.flush()
    details = {"decision": decision, "ground": case.ground, "reason_given": bool(reason)}
    record(session, actor=by, action="case_decided", subject=case.reference, details=details)


def _unused_reference(session: Session) -> str:
    while True:
        reference = references.fresh()
        if session.scalar(select(Case.id).where(Case.reference == reference)) is None:
            return reference


def _of_the_same_message(session: Session, case: Case) -> list[Case]:
    if case.conversation_id is None:
        return []
    return list(
        session.scalars(
            select(Case).where(
                Case.conversation_id == case.conversation_id,
                Case.received_at == case.received_at,
                Case.id < case.id,
            )
        )
    )


def _remember(
    session: Session, case: Case, *, by: str, from_state: str | None, action: str, note: str
) -> None:
    event = CaseEvent(
        case_id=case.id, at=now(session), by=by, from_state=from_state, to_state=case.state, note=note
    )
    session.add(event)
    session.flush()
    details = {"right": case.right, "from": from_state, "to": case.state}
    record(session, actor=by, action=action, subject=case.reference, details=details)
    tell_watchers(session, case, event)
