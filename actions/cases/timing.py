"""What agents may do with a case's clock: ask and wait, extend it, start it later, name another law."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases.counting import begin_pause, deadline_of, end_pause, recount
from actions.cases.deadlines import local_date, months_on, zone
from actions.cases.explain import long_date
from actions.cases.interfaces import JURISDICTIONS, UNVERIFIED_STATES, ChangeRefused
from actions.cases.models import Case
from actions.cases.moving import move
from actions.cases.notes import add_note, notes_of
from actions.cases.rules import rules
from actions.cases.states import require_agent, worded
from actions.cases.tasks import raise_task
from actions.clock import now
from actions.mail import services as mail
from actions.wording import phrase


def ask_contact(session: Session, case: Case, question: str, *, by: str, told: str = "") -> bool:
    """Ask the contact what is needed to go on; for access, the clock stands still until they answer.

    Args:
        session: a writing session.
        case: the case, read in this session.
        question: what the contact reads.
        by: the agent's name.
        told: how the agent asked, such as `by telephone`; by default a letter asks.

    Returns:
        Whether the clock stands still.

    Raises:
        ChangeRefused: not by a person, no question, no way to ask it, or nothing to wait for in this state.
    """
    name = require_agent(by, "ask the contact")
    if not question.strip():
        raise ChangeRefused("Say what to ask: the contact reads it.")
    _can_be_told(case, told)
    today = local_date(now(session))
    stops = rules().may_pause(case.right, case.jurisdiction) and today <= deadline_of(case).due
    number = len(notes_of(session, case, kind="question")) + 1
    move(session, case, "awaiting_clarification", by=name, note=told or "asked by letter")
    add_note(session, case, question, by=name, kind="question")
    if stops:
        begin_pause(case, today)
    if not told:
        mail.post(
            session,
            "clarification_asked",
            case.address or "",
            case=case,
            key=f"case:{case.id}:question:{number}",
            reference=case.reference,
            question=question.strip(),
            waiting=phrase("clarification.clock_stands_still") if stops else "",
        )
    _changed(session, case, name, "clarification_asked", clock_stopped=stops, by_letter=not told)
    return stops


def acknowledge(session: Session, case: Case, *, by: str, told: str = "") -> None:
    """Tell the contact that a request is on record and when to expect an answer; again has no effect.

    A complaint must be acknowledged within 30 days (DPA 2018 s.164A). In a conversation that is done at once;
    this is for requests that came by other ways.

    Args:
        session: a writing session.
        case: the case, read in this session.
        by: the agent's name.
        told: how the agent told them; by default a letter does.

    Raises:
        ChangeRefused: not by a person, closed, or no way to tell.
    """
    name = require_agent(by, "acknowledge a request")
    _open(case)
    if case.acknowledged_at is not None:
        return
    _can_be_told(case, told)
    case.acknowledged_at = now(session)
    if not told:
        mail.post(
            session,
            "case_received",
            case.address or "",
            case=case,
            key=f"case:{case.id}:received",
            reference=case.reference,
            right=phrase(f"right.{case.right}"),
            due=long_date(case.due_on),
        )
    _changed(session, case, name, "acknowledged", by_letter=not told)


def clarified(
    session: Session,
    case: Case,
    *,
    by: str,
    answer: str = "",
    on: date | None = None,
    to: str = "awaiting_approval",
) -> None:
    """Note that the contact has answered what was asked, and let the clock run again.

    Args:
        session: a writing session.
        case: the case, read in this session.
        by: who noted it: an agent, or `contact` where they answered here.
        answer: what they said; kept encrypted.
        on: the day the answer came; by default today.
        to: the state the case goes to.

    Raises:
        ChangeRefused: nothing was asked, or the day is before the question or not yet there.
    """
    if case.state != "awaiting_clarification":
        raise ChangeRefused(
            f"{case.reference} is {worded(case.state)}: no answer of the contact's is awaited."
        )
    today = local_date(now(session))
    day = on or today
    if day > today:
        raise ChangeRefused(f"{long_date(day)} is not here yet; give the day the answer came.")
    asked = max((pair[0] for pair in case.pauses if pair[0] and pair[1] is None), default=None)
    if asked is not None and day < date.fromisoformat(asked):
        raise ChangeRefused(f"The question was asked on {asked}; an answer cannot have come before.")
    end_pause(case, day)
    move(session, case, to, by=by, note="the contact has answered")
    if answer.strip():
        add_note(session, case, answer, by=by, kind="answer")
    _changed(session, case, by, "clarified", answered_on=day.isoformat(), paused_days=case.paused_days)


def extend(session: Session, case: Case, reason: str, *, by: str, told: str = "") -> date:
    """Extend the time of a complex request, or of numerous ones, and tell the contact why.

    Args:
        session: a writing session.
        case: the case, read in this session.
        reason: what the contact reads.
        by: the agent's name.
        told: how the agent told them; by default a letter does.

    Returns:
        The new due date.

    Raises:
        ChangeRefused: not by a person, no reason, no way to tell, closed, extended already, a right whose
            time cannot be extended, or too late: it must be told within the first month.
    """
    name = require_agent(by, "extend a deadline")
    if not reason.strip():
        raise ChangeRefused("Give a reason for the extension: the contact reads it, and the law asks for it.")
    _open(case)
    rule = rules().extension
    if not rules().may_extend(case.right):
        raise ChangeRefused(f"The time for a {worded(case.right)} cannot be extended ({rule.source}).")
    if case.extended_at is not None:
        raise ChangeRefused(f"{case.reference} is extended already, until {long_date(case.due_on)}.")
    at = now(session)
    last = months_on(local_date(case.starts_at or case.received_at), rule.told_within_months)
    if local_date(at) > last:
        raise ChangeRefused(
            f"It is too late to extend {case.reference}: the contact had to be told by {long_date(last)}."
        )
    _can_be_told(case, told)
    before = case.due_on
    case.extended_at = at
    recount(case)
    add_note(session, case, reason, by=name, kind="extension")
    if not told:
        mail.post(
            session,
            "deadline_extended",
            case.address or "",
            case=case,
            key=f"case:{case.id}:extended",
            reference=case.reference,
            reason=reason.strip(),
            before=before,
            due=case.due_on,
        )
    _changed(session, case, name, "deadline_extended", by_letter=not told)
    return case.due_on


def choose_start(session: Session, case: Case, on: date | None, reason: str, *, by: str) -> date:
    """Let the time start when a proof or an authority came that had to be asked for; both dates are kept.

    Args:
        session: a writing session.
        case: the case, read in this session.
        on: the day it came; None to count from the first words again.
        reason: why it could not be waived; kept encrypted.
        by: the agent's name.

    Returns:
        The new due date.

    Raises:
        ChangeRefused: not by a person, no reason, closed, a right whose time starts with the first words
            always, or a day before the request or not yet there.
    """
    name = require_agent(by, "choose when the time starts")
    if not reason.strip():
        raise ChangeRefused("Give a reason: why the proof was needed and could not be waived.")
    _open(case)
    if not rules().may_start_later(case.right):
        raise ChangeRefused(f"The time for a {worded(case.right)} starts with the first words, always.")
    if on is not None and not local_date(case.received_at) <= on <= local_date(now(session)):
        raise ChangeRefused(
            f"The proof must have come between the request ({local_date(case.received_at)}) and today."
        )
    case.starts_at = max(case.received_at, datetime.combine(on, time.min, zone())) if on else None
    recount(case)
    add_note(session, case, reason, by=name, kind="start")
    _changed(session, case, name, "start_chosen", starts_on=on and on.isoformat())
    return case.due_on


def set_review(session: Session, case: Case, on: date, reason: str, *, by: str) -> None:
    """Say when a ground to keep something is looked at again; on that day people get a task.

    Args:
        session: a writing session.
        case: the case; it may be closed.
        on: the day, yet to come.
        reason: what is to be looked at; kept encrypted.
        by: the agent's name.

    Raises:
        ChangeRefused: not by a person, no reason, or a day that is past.
    """
    name = require_agent(by, "set a review date")
    if not reason.strip():
        raise ChangeRefused("Say what is to be looked at again: the ground, and what it keeps.")
    if on <= local_date(now(session)):
        raise ChangeRefused(f"{long_date(on)} is past; give a day that is yet to come.")
    case.review_on = on
    add_note(session, case, reason, by=name, kind="note")
    _changed(session, case, name, "review_date_set", review_on=on.isoformat())


def set_jurisdiction(session: Session, case: Case, jurisdiction: str, *, by: str) -> None:
    """Say whose law a case falls under: outside the UK no pause counts, and other regimes go to the DPO.

    Raises:
        ChangeRefused: not by a person, closed, or no such jurisdiction.
    """
    name = require_agent(by, "say whose law it is")
    _open(case)
    if jurisdiction not in JURISDICTIONS:
        raise ChangeRefused(
            f"There is no jurisdiction '{jurisdiction}'; there are {', '.join(JURISDICTIONS)}."
        )
    case.jurisdiction = jurisdiction
    recount(case)
    _changed(session, case, name, "jurisdiction_set", jurisdiction=jurisdiction)
    if jurisdiction == "other":
        raise_task(
            session,
            key=f"case-{case.id}-other-law",
            kind="other_law",
            text=f"{case.reference} falls under another law than ours: ask the data protection officer.",
            case=case,
        )


def _open(case: Case) -> None:
    if not case.is_open:
        raise ChangeRefused(f"{case.reference} is closed ({worded(case.state)}); nothing was changed.")


def _can_be_told(case: Case, told: str) -> None:
    if case.address is None and not told.strip():
        raise ChangeRefused(
            f"{case.reference} has no address for a letter. Tell the contact yourself, and say how."
        )
    if case.state in UNVERIFIED_STATES and not told.strip():
        raise ChangeRefused(
            f"{case.reference} is {worded(case.state)}: nobody has shown that the address is theirs, "
            "so no letter goes there. Tell the contact yourself, and say how."
        )


def _changed(session: Session, case: Case, by: str, action: str, **details: object) -> None:
    session.flush()
    record(
        session,
        actor=by,
        action=action,
        subject=case.reference,
        details={**details, "due": case.due_on.isoformat()},
    )
