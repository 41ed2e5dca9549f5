"""A case's story: what happened, in order, in words for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.audit.models import AuditEntry
from actions.cases import services as cases
from actions.cases.models import Case, CaseNote
from actions.cases.states import TRANSITIONS
from actions.clock import now
from actions.evidence.interfaces import Line
from actions.evidence.words import by_channel, plain, words
from actions.fulfilment.services import steps_of
from actions.mail.services import letters_of
from actions.recipients.models import RecipientNotice
from actions.wording import phrase
from actions.wording.services import identity_rules

TOLD_ELSEWHERE = frozenset({"mail", "move_case", "close_request", "tell_contact", "tell_recipient", "wait"})
"""Steps that the story tells as letters, transitions and notices."""

NOTES = {
    "question": "We asked: {text}",
    "answer": "The answer: {text}",
    "extension": "The time was extended. The reason: {text}",
    "start": "The time was counted from another day. The reason: {text}",
    "task": "What came of a task: {text}",
    "retention": "{text}",
    "note": "Noted: {text}",
    "evidence": "What shows it: {text}",
}
FOR_COLLEAGUES = frozenset({"note", "evidence"})


def story(session: Session, case: Case, *, with_notes: bool = False) -> tuple[Line, ...]:
    """What happened, oldest first.

    Args:
        session: any session.
        case: the case.
        with_notes: also what agents wrote down for one another.
    """
    lines = [
        *_transitions(session, case),
        *_decided(case),
        *_proofs(session, case),
        *_noted(cases.notes_of(session, case), with_notes=with_notes),
        *_steps(session, case),
        *_recipients(session, case),
        *_letters(session, case),
    ]
    return tuple(sorted(lines, key=lambda line: line.at))


def identity_entries(session: Session, case: Case) -> list[AuditEntry]:
    """What the audit trail says about proofs of the case's address, one that still held included."""
    if case.address_hash is None:
        return []
    first = case.received_at - timedelta(minutes=identity_rules().proven_minutes)
    last = case.closed_at or now(session)
    return [
        entry
        for entry in audit.entries_about(session, case.address_hash)
        if entry.action in ("identity_proven", "verification_closed") and first <= entry.at <= last
    ]


def _transitions(session: Session, case: Case) -> Iterator[Line]:
    for event in cases.history(session, case):
        if event.from_state is None:
            text = (
                words()
                .transitions["case_opened"]
                .format(right=phrase(f"right.{case.right}"), channel=by_channel(case.channel))
            )
            # The first words count, however long they waited for us.
            yield Line(min(case.received_at, event.at), "contact", text)
            if event.by not in ("assistant", "contact"):
                yield Line(event.at, event.by, "Put on record by a person.")
            continue
        name = TRANSITIONS[event.from_state].get(event.to_state, event.to_state)
        text = words().transitions.get(name, plain(name))
        yield Line(event.at, event.by, f"{text.removesuffix('.')}: {event.note}." if event.note else text)


def _decided(case: Case) -> Iterator[Line]:
    if case.decided_at is not None and case.decision:
        reason = f": {case.reason}" if case.reason else ""
        yield Line(
            case.decided_at, case.decided_by or "", f"Decided: {case.decision}{reason}.".replace("..", ".")
        )


def _proofs(session: Session, case: Case) -> Iterator[Line]:
    for entry in identity_entries(session, case):
        proven = entry.action == "identity_proven"
        text = (
            "The right code was entered: whoever asked reads the address they gave."
            if proven
            else "Too many wrong codes: the door was closed, and the owner of the address was told."
        )
        yield Line(entry.at, "contact" if proven else "assistant", text)


def _noted(notes: list[CaseNote], *, with_notes: bool) -> Iterator[Line]:
    for note in notes:
        if note.kind in NOTES and (with_notes or note.kind not in FOR_COLLEAGUES):
            yield Line(note.at, note.by, NOTES[note.kind].format(text=note.text))


def _steps(session: Session, case: Case) -> Iterator[Line]:
    for step in steps_of(session, case):
        if step.done_at is None or step.state != "done" or step.kind in TOLD_ELSEWHERE:
            continue
        yield Line(step.done_at, "worker", f"{words().steps.get(step.kind, plain(step.kind))}.")


def _recipients(session: Session, case: Case) -> Iterator[Line]:
    notices = select(RecipientNotice).where(
        RecipientNotice.case_id == case.id, RecipientNotice.at.is_not(None)
    )
    for notice in session.scalars(notices.order_by(RecipientNotice.id)):
        if notice.at is not None:
            outcome = plain(notice.state) + (f" ({notice.note})" if notice.note else "")
            text = f"Of those who were given the data, the {plain(notice.recipient)}: {outcome}."
            yield Line(notice.at, notice.by or "worker", text)


def _letters(session: Session, case: Case) -> Iterator[Line]:
    for letter in letters_of(session, case):
        subject = (letter.content or {}).get("subject") or plain(letter.template)
        if letter.sent_at is not None:
            yield Line(letter.sent_at, "worker", f"A letter was sent: “{subject}”.")
