"""A ticket for each case: opened when the request is one, told of every move, closed at the end.

The tickets name nobody: a reference, a right, dates and states. So an erasure has nothing to take out of
them, and whoever works in the helpdesk sees what is going on without learning of whom. Their steps stand
beside the case's own, never among them: a helpdesk that is down holds no request up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.cases.explain import long_date
from actions.cases.interfaces import UNVERIFIED_STATES
from actions.cases.models import Case, CaseEvent
from actions.cases.states import TRANSITIONS
from actions.evidence.words import words
from actions.fulfilment.models import Step
from actions.fulfilment.services import plan_step
from actions.helpdesk.interfaces import Helpdesk
from actions.helpdesk.models import CaseTicket
from actions.wording import phrase

KIND = "helpdesk_case"


@dataclass(frozen=True)
class Word:
    """One comment on a case's ticket."""

    event_id: int
    text: str


@dataclass(frozen=True)
class News:
    """What a case's ticket has to hear.

    Attributes:
        reference: the case's.
        subject: of the ticket, should it be opened now.
        body: of the ticket, should it be opened now.
        ticket_id: the helpdesk's, once it is open.
        comments: what it has not, oldest first.
        closed: whether the case is.
    """

    reference: str
    subject: str
    body: str
    ticket_id: str | None
    comments: tuple[Word, ...]
    closed: bool


def follow(session: Session, case: Case, event: CaseEvent) -> None:
    """Plan to tell the helpdesk of a move; of requests that nobody proved or finished it is not told."""
    if case.state in UNVERIFIED_STATES:
        return
    if event.from_state in UNVERIFIED_STATES and case.state in ("withdrawn", "expired"):
        return
    if session.get(CaseTicket, case.id) is None:
        session.add(CaseTicket(case_id=case.id, told_until=0))
    payload = {"case_id": case.id}
    plan_step(session, kind=KIND, payload=payload, key=f"case:{case.id}:ticket:{event.id}", bulk=True)


def begin(session: Session, case_id: int, step_id: int) -> bool:
    """Have a case's ticket to oneself: two steps at once could open two tickets.

    Returns:
        False while another step is writing to it; that one goes on until there is nothing more to tell, so
        that there is nothing left to do for this one.
    """
    row = session.get(CaseTicket, case_id, with_for_update=True)
    if row is None:
        return True
    if row.busy_step not in (None, step_id):
        other = session.get(Step, row.busy_step)
        if other is not None and other.state == "running":
            return False
    row.busy_step = step_id
    return True


def end(session: Session, case_id: int, ticket_id: str, told: News) -> bool:
    """Remember what was told, and let go of a case's ticket, unless the case has moved on meanwhile.

    Args:
        session: a writing session.
        case_id: the case.
        ticket_id: the helpdesk's.
        told: what it has heard.

    Returns:
        False where there is more to tell.
    """
    row = session.get(CaseTicket, case_id, with_for_update=True)
    if row is None:
        return True
    row.ticket_id = ticket_id
    if told.comments:
        row.told_until = told.comments[-1].event_id
    newest = session.scalar(select(func.max(CaseEvent.id)).where(CaseEvent.case_id == case_id))
    if newest is not None and newest > row.told_until:
        return False
    row.busy_step = None
    return True


def news(session: Session, case_id: int) -> News | None:
    """What the ticket of a case has to hear; None where the case is gone."""
    case = session.get(Case, case_id)
    events = session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
    ).all()
    if case is None or not events:
        return None
    known = session.get(CaseTicket, case_id)
    told_until = known.told_until if known is not None else 0
    right = phrase(f"right.{case.right}")
    return News(
        reference=case.reference,
        subject=phrase("ticket.subject", reference=case.reference, right=right),
        body=phrase(
            "ticket.body",
            reference=case.reference,
            right=right,
            received=f"{case.received_at:%Y-%m-%d %H:%M} UTC",
            due=long_date(case.due_on),
        ),
        ticket_id=known.ticket_id if known is not None else None,
        comments=_comments(events, told_until),
        closed=not case.is_open,
    )


def tell(helpdesk: Helpdesk, told: News) -> str:
    """Open the ticket if it is not, add what it has not heard, close it with the case.

    Each part is known to the helpdesk by a key of its own, so that after a failure in the middle only the
    rest is done.

    Returns:
        The ticket's id.
    """
    ticket_id = told.ticket_id
    if ticket_id is None:
        ticket_id = helpdesk.create_ticket(told.subject, told.body, None, key=f"case:{told.reference}")
    for word in told.comments:
        helpdesk.comment(ticket_id, word.text, key=f"case:{told.reference}:{word.event_id}")
    if told.closed:
        helpdesk.resolve(ticket_id)
    return ticket_id


def _comments(events: Sequence[CaseEvent], told_until: int) -> tuple[Word, ...]:
    return tuple(Word(event.id, _said(event)) for event in events if event.id > told_until)


def _said(event: CaseEvent) -> str:
    name = TRANSITIONS.get(event.from_state or "", {}).get(event.to_state, "")
    return phrase(
        "ticket.comment",
        at=f"{event.at:%Y-%m-%d %H:%M} UTC",
        what=words().transitions.get(name) or phrase("ticket.begun"),
        state=event.to_state.replace("_", " "),
        by=event.by,
        note=f" ({event.note})" if event.note else "",
    )
