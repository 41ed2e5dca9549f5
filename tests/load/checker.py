"""Looks at the database and the embedded systems afterwards: was anything lost, doubled or done otherwise?"""

from __future__ import annotations

import re
import time
from calendar import month_name
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.audit.services import verify
from actions.cases.models import Case
from actions.clock import now
from actions.clock.services import machine_now
from actions.conversations.models import Conversation, Message, Turn
from actions.crm.models import Contact, ContactEmail, ContactPreference, TrackedEmail
from actions.database import Database
from actions.fulfilment.journal import anything_due
from actions.fulfilment.models import Step
from actions.helpdesk.models import HelpdeskComment, HelpdeskTicket
from actions.preferences.models import Suppression
from tests.load.contact import Held, Letters, address_of

QUIET_SECONDS = 120.0
UNTOUCHED = 20
"""So many contacts nobody speaks for: they must stay as they are."""
ENDED = ("done", "cancelled")
SAME_FOR_EVERYBODY = {
    re.compile(r"c\d+@kills\.example"): "ADDRESS",
    re.compile(r"PR-\w{4}-\w{4}"): "PR",
    re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"): "TIME",
    re.compile(rf"(?:\b\w+day )?\b\d{{1,2}} (?:{'|'.join(month_name[1:])})(?: \d{{4}})?"): "DATE",
}


@dataclass(frozen=True)
class Story:
    """All that came of a conversation, in words that are the same for every contact of its kind."""

    said: tuple[tuple[str, str], ...]
    cases: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    letters: tuple[tuple[str, int], ...]
    tickets: tuple[tuple[str, str, tuple[str, ...]], ...]
    contact: tuple[str, ...]


def seed_contacts(url: str, count: int) -> None:
    """Put so many contacts into the embedded CRM, and those whom nobody speaks for."""
    database = Database(url)
    with database.write() as session:
        at = now(session) - timedelta(days=400)
        for number in range(count + UNTOUCHED):
            name = f"c{number}"
            session.add(Contact(id=name, name="Kim", surname="Vale", added_at=at, source="event"))
        session.flush()
        for number in range(count + UNTOUCHED):
            name = f"c{number}"
            session.add(ContactEmail(contact_id=name, address=address_of(number)))
            session.add(
                ContactPreference(contact_id=name, topic="monthly_newsletter", channel="email", wanted=True)
            )
            session.add(TrackedEmail(contact_id=name, at=at, subject="Hello", body="How do you do?"))
    database.dispose()


def wait_until_quiet(url: str) -> list[str]:
    """Wait until every turn is answered and every step carried out; what is left over after long.

    Long is counted from when it last became less: what nobody waits for comes last, and may be much.
    """
    database = Database(url)
    deadline = time.monotonic() + QUIET_SECONDS
    open_turns = waiting = -1
    least: int | None = None
    try:
        while time.monotonic() < deadline:
            try:
                with database.read() as session:
                    open_turns = _count(session, Turn, Turn.answered_at.is_(None))
                    # What waits for its day, and what is behind it in its case, is nobody's business now.
                    tried = or_(Step.state.in_(("running", "failed")), Step.retry_at > machine_now())
                    waiting = _count(session, Step, Step.state.not_in(ENDED), tried)
                    waiting += anything_due(session)
                    left = open_turns + _count(session, Step, Step.state.not_in(ENDED))
            except SQLAlchemyError:
                time.sleep(1)
                continue
            if open_turns == waiting == 0:
                return []
            if least is None or left < least:
                least, deadline = left, time.monotonic() + QUIET_SECONDS
            time.sleep(0.5)
    finally:
        database.dispose()
    return [
        f"{open_turns} turns without an answer and {waiting} steps not carried out after {QUIET_SECONDS:g} s"
    ]


class Checker:
    """Compares what came of every conversation with what came of the undisturbed one of its kind."""

    def __init__(self, url: str, letters: Letters) -> None:
        """Prepare.

        Args:
            url: the database.
            letters: what arrived.
        """
        self._database = Database(url)
        self._letters = letters

    def check(self, models: Sequence[Held], held: Sequence[Held]) -> list[str]:
        """Everything that is wrong, as sentences.

        Args:
            models: an undisturbed conversation of each kind.
            held: those that were disturbed.
        """
        self._letters.read()
        with self._database.read() as session:
            expected = {model.kind: self._story(session, model) for model in models}
            problems = [problem for model in models if (problem := model.failure)]
            for one in held:
                problems += self._problems(session, one, expected[one.kind])
            problems += _untouched(session, len(models) + len(held))
            problems += self._whole(session, [*models, *held])
        self._database.dispose()
        return problems

    def _problems(self, session: Session, one: Held, expected: Story) -> Iterator[str]:
        name = f"{one.kind} {one.number}"
        if one.failure:
            yield f"{name}: {one.failure}"
        yield from _log_problems(session, one, name)
        story = self._story(session, one)
        for part in ("said", "cases", "steps", "letters", "tickets", "contact"):
            is_, should = getattr(story, part), getattr(expected, part)
            if is_ != should:
                yield f"{name}: {part} {is_} instead of {should}"

    def _story(self, session: Session, one: Held) -> Story:
        rows = session.scalars(
            select(Message).where(Message.conversation_id == one.id).order_by(Message.seq)
        ).all()
        cases = session.scalars(select(Case).where(Case.conversation_id == one.id).order_by(Case.id)).all()
        steps = session.scalars(
            select(Step).where(Step.case_id.in_([case.id for case in cases])).order_by(Step.id)
        )
        address = address_of(one.number)
        letters = Counter(_plain(letter["subject"]) for letter in self._letters.by_address[address])
        return Story(
            tuple((row.sender, _plain(str(row.body.get("text")))) for row in rows),
            tuple((case.right, case.state) for case in cases),
            tuple((step.kind, step.state) for step in steps),
            tuple(sorted(letters.items())),
            tuple(_ticket(session, ticket) for case in cases for ticket in _tickets(session, case)),
            _contact(session, one.number),
        )

    def _whole(self, session: Session, held: Sequence[Held]) -> Iterator[str]:
        """What holds for all of them together."""
        broken = verify(session)
        if broken is not None:
            yield f"the audit chain is broken at entry {broken}"
        opt_outs = sum(one.kind == "opt_out" for one in held)
        erasures = sum(one.kind == "erase" for one in held)
        marks = session.scalars(select(Suppression.fingerprint).where(Suppression.lifted_at.is_(None))).all()
        if len(marks) != len(set(marks)):
            yield "a fingerprint is on the suppression list twice"
        if len(marks) < opt_outs + erasures:
            yield f"{len(marks)} addresses are suppressed, and {opt_outs + erasures} should be"
        tickets = _count(session, HelpdeskTicket)
        if tickets != opt_outs + erasures:
            yield f"{tickets} tickets in the helpdesk, and {opt_outs + erasures} should be"
        cases = _count(session, Case)
        if cases != opt_outs + erasures:
            yield f"{cases} cases, and {opt_outs + erasures} were asked for"


def _log_problems(session: Session, one: Held, name: str) -> Iterator[str]:
    conversation = session.get(Conversation, one.id)
    if conversation is None:
        yield f"{name}: the conversation is gone"
        return
    rows = session.execute(
        select(Message.seq, Message.sender).where(Message.conversation_id == one.id).order_by(Message.seq)
    ).all()
    numbers = [row.seq for row in rows]
    if numbers != list(range(1, conversation.last_seq + 1)):
        yield f"{name}: the log has gaps or repetitions: {numbers}"
    keys = session.scalars(select(Turn.key).where(Turn.conversation_id == one.id).order_by(Turn.seq)).all()
    if keys != one.keys:
        yield f"{name}: turns {keys} instead of {one.keys}"
    if sum(row.sender == "contact" for row in rows) != len(one.keys):
        yield f"{name}: the contact's messages are not those that were sent"
    if conversation.open_turns:
        yield f"{name}: {conversation.open_turns} turns count as open"
    seen = [message["seq"] for message in one.messages]
    if seen != sorted(set(seen)):
        yield f"{name}: the contact saw a message twice, or out of order: {seen}"


def _tickets(session: Session, case: Case) -> Sequence[HelpdeskTicket]:
    """What the helpdesk has of a case, whatever we remember of it."""
    found = select(HelpdeskTicket).where(HelpdeskTicket.subject.contains(case.reference))
    return session.scalars(found.order_by(HelpdeskTicket.id)).all()


def _ticket(session: Session, ticket: HelpdeskTicket) -> tuple[str, str, tuple[str, ...]]:
    comments = session.scalars(
        select(HelpdeskComment).where(HelpdeskComment.ticket_id == ticket.id).order_by(HelpdeskComment.id)
    )
    return _plain(ticket.subject), ticket.state, tuple(_plain(str(comment.text)) for comment in comments)


def _contact(session: Session, number: int) -> tuple[str, ...]:
    """A contact as the CRM has them now."""
    contact = session.get(Contact, f"c{number}", populate_existing=True)
    if contact is None:
        return ("erased",)
    wanted = session.scalars(
        select(ContactPreference).where(ContactPreference.contact_id == contact.id, ContactPreference.wanted)
    )
    addresses = _count(session, ContactEmail, ContactEmail.contact_id == contact.id)
    tracked = _count(session, TrackedEmail, TrackedEmail.contact_id == contact.id)
    topics = sorted(f"{row.topic}/{row.channel}" for row in wanted)
    return (contact.state, str(contact.name), f"{addresses} addresses", f"{tracked} tracked", *topics)


def _untouched(session: Session, first: int) -> Iterator[str]:
    should = ("active", "Kim", "1 addresses", "1 tracked", "monthly_newsletter/email")
    for number in range(first, first + UNTOUCHED):
        if _contact(session, number) != should:
            yield f"contact {number}, for whom nobody spoke, is {_contact(session, number)}"


def _plain(text: str) -> str:
    """A text without what is different for each contact, and on each day."""
    for pattern, name in SAME_FOR_EVERYBODY.items():
        text = pattern.sub(name, text)
    return text


def _count(session: Session, table: type, *where: object) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]
