"""The checker of the kills notices what is lost, what is doubled and what is half done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.audit.models import AuditEntry
from actions.audit.services import record
from actions.cases import references
from actions.cases.models import Case
from actions.clock.services import machine_now
from actions.conversations.models import Conversation, Message, Turn
from actions.crm.models import ContactPreference, TrackedEmail
from actions.database import Base, Database, tables
from actions.fulfilment.models import Step
from actions.helpdesk.models import HelpdeskComment, HelpdeskTicket
from actions.preferences.models import Suppression
from tests.load.checker import UNTOUCHED, Checker, seed_contacts
from tests.load.contact import Held, Letters, address_of

assert tables.ALL
SAID = (
    "Welcome",
    "stop marketing",
    "Which address?",
    None,
    "Done by Wednesday 23 December 2026, PR-2222-3333.",
)
SENDERS = ("assistant", "contact", "assistant", "contact", "assistant")
MOVED = "2026-11-26 20:05 UTC: done (worker)"


@dataclass
class Place:
    """Two conversations of one kind that ended alike, the first of them undisturbed.

    Attributes:
        session: of the database they are in, for changing what came of the second.
    """

    session: Session
    letters: Letters
    model: Held
    held: Held

    @property
    def case(self) -> Case:
        """The second one's."""
        return self.session.scalars(select(Case).where(Case.conversation_id == self.held.id)).one()

    @property
    def ticket(self) -> HelpdeskTicket:
        """The second one's."""
        found = select(HelpdeskTicket).where(HelpdeskTicket.subject.contains(self.case.reference))
        return self.session.scalars(found).one()

    def arrived(self, subject: str) -> None:
        """A letter has come for the second."""
        self.letters.by_address[address_of(self.held.number)].append({"subject": subject, "text": ""})


class NoMore(Letters):
    """Letters of which all have come."""

    def read(self) -> None:
        """Nothing."""


def test_conversations_that_ended_alike_are_fine(tmp_path: Path) -> None:
    assert problems(tmp_path, lambda _place: None) == []


def lose_a_message(place: Place) -> None:
    place.session.execute(delete(Message).where(Message.conversation_id == place.held.id, Message.seq == 3))


def lose_the_last_message(place: Place) -> None:
    lost = Message.conversation_id == place.held.id, Message.seq == 5
    place.session.execute(delete(Message).where(*lost))
    conversation = place.session.get_one(Conversation, place.held.id)
    conversation.last_seq = 4


def lose_a_turn(place: Place) -> None:
    place.session.execute(delete(Turn).where(Turn.conversation_id == place.held.id, Turn.seq == 4))


def lose_a_letter(place: Place) -> None:
    place.letters.by_address[address_of(place.held.number)].clear()


def lose_a_step(place: Place) -> None:
    place.session.execute(delete(Step).where(Step.case_id == place.case.id, Step.kind == "letter"))


def lose_the_case(place: Place) -> None:
    case = place.case
    place.session.execute(delete(Step).where(Step.case_id == case.id))
    place.session.delete(case)


def lose_the_ticket(place: Place) -> None:
    ticket = place.ticket
    place.session.execute(delete(HelpdeskComment).where(HelpdeskComment.ticket_id == ticket.id))
    place.session.delete(ticket)


def lose_the_suppression(place: Place) -> None:
    place.session.execute(delete(Suppression).where(Suppression.case_reference == place.case.reference))


def change_somebody_else(place: Place) -> None:
    place.session.execute(delete(TrackedEmail).where(TrackedEmail.contact_id == f"c{UNTOUCHED + 1}"))


def cut_the_audit_trail(place: Place) -> None:
    place.session.execute(delete(AuditEntry).where(AuditEntry.subject == "second"))


def double_an_answer(place: Place) -> None:
    conversation = place.session.get_one(Conversation, place.held.id)
    conversation.last_seq = 6
    _message(place.session, place.held, 6, "assistant", SAID[-1])


def double_what_was_seen(place: Place) -> None:
    place.held.messages.append(place.held.messages[-1])


def double_a_letter(place: Place) -> None:
    place.arrived("We have stopped our marketing: PR-7777-7777")


def double_a_step(place: Place) -> None:
    _step(place.session, place.case, "letter", "done", "again")


def double_the_case(place: Place) -> None:
    _case(place.session, place.held)


def double_the_ticket(place: Place) -> None:
    place.session.add(_opened(place.case, "again"))


def double_a_comment(place: Place) -> None:
    _comment(place.session, place.ticket, "again")


def leave_a_step_running(place: Place) -> None:
    step = place.session.scalars(select(Step).where(Step.case_id == place.case.id)).first()
    assert step is not None
    step.state = "running"


def leave_the_crm_as_it_was(place: Place) -> None:
    (preference,) = place.session.scalars(
        select(ContactPreference).where(ContactPreference.contact_id == f"c{place.held.number}")
    )
    preference.wanted = True


def leave_the_case_open(place: Place) -> None:
    place.case.state = "in_progress"


def leave_the_ticket_open(place: Place) -> None:
    place.ticket.state = "open"


def leave_a_turn_open(place: Place) -> None:
    place.session.get_one(Conversation, place.held.id).open_turns = 1


def hear_no_answer(place: Place) -> None:
    place.held.failure = "message 1-1 got no answer"


@pytest.mark.parametrize(
    ("mishap", "sentence"),
    [
        (lose_a_message, "the log has gaps"),
        (lose_the_last_message, "said ("),
        (lose_a_turn, "turns ['1-0'] instead of"),
        (lose_a_letter, "letters ()"),
        (lose_a_step, "steps ("),
        (lose_the_case, "1 cases, and 2 were asked for"),
        (lose_the_ticket, "tickets ()"),
        (lose_the_suppression, "1 addresses are suppressed, and 2 should be"),
        (change_somebody_else, "for whom nobody spoke"),
        (cut_the_audit_trail, "the audit chain is broken"),
        (double_an_answer, "said ("),
        (double_what_was_seen, "saw a message twice"),
        (double_a_letter, "letters (('We have stopped our marketing: PR', 2),)"),
        (double_a_step, "steps ("),
        (double_the_case, "3 cases, and 2 were asked for"),
        (double_the_ticket, "3 tickets in the helpdesk, and 2 should be"),
        (double_a_comment, "tickets ("),
        (leave_a_step_running, "'running'"),
        (leave_the_crm_as_it_was, "'monthly_newsletter/email'"),
        (leave_the_case_open, "'in_progress'"),
        (leave_the_ticket_open, "'open'"),
        (leave_a_turn_open, "1 turns count as open"),
        (hear_no_answer, "got no answer"),
    ],
)
def test_a_mishap_is_noticed(tmp_path: Path, mishap: Callable[[Place], None], sentence: str) -> None:
    found = problems(tmp_path, mishap)
    assert any(sentence in problem for problem in found), found


def problems(folder: Path, mishap: Callable[[Place], None]) -> list[str]:
    """What the checker says after something has gone wrong with the second of two conversations."""
    url = f"sqlite:///{folder / 'rightline.db'}"
    database = Database(url)
    Base.metadata.create_all(database.engine)
    seed_contacts(url, 2)
    letters = NoMore()
    model, held = (Held(number, "opt_out", f"conversation-{number}") for number in (0, 1))
    with database.write() as session:
        for one in (model, held):
            _hold(session, letters, one)
        for subject in ("first", "second", "third"):
            record(session, actor="worker", action="tested", subject=subject)
    with database.write() as session:
        mishap(Place(session, letters, model, held))
    found = Checker(url, letters).check([model], [held])
    database.dispose()
    return found


def _hold(session: Session, letters: Letters, one: Held) -> None:
    at = machine_now()
    session.add(
        Conversation(id=one.id, token_hash="-", created_at=at, active_at=at, last_seq=len(SAID), open_turns=0)
    )
    session.flush()
    for seq, (sender, text) in enumerate(zip(SENDERS, SAID, strict=True), 1):
        _message(session, one, seq, sender, text)
        one.messages.append({"seq": seq, "from": sender, "text": text})
        if sender == "contact":
            key = f"{one.number}-{len(one.keys)}"
            one.keys.append(key)
            session.add(
                Turn(
                    id=f"turn-{key}",
                    conversation_id=one.id,
                    seq=seq,
                    key=key,
                    content_hash="-",
                    answered_at=at,
                )
            )
    case = _case(session, one)
    for kind in ("suppress", "letter"):
        _step(session, case, kind, "done", "once")
    (preference,) = session.scalars(
        select(ContactPreference).where(ContactPreference.contact_id == f"c{one.number}")
    )
    preference.wanted = False
    ticket = _opened(case, "once")
    session.add(ticket)
    session.flush()
    _comment(session, ticket, "once")
    session.add(
        Suppression(
            kind="email",
            fingerprint=f"fingerprint {one.number}",
            topics=["monthly_newsletter"],
            reason="objection",
            case_reference=case.reference,
            since=at,
        )
    )
    letter = {"subject": f"We have stopped our marketing: {case.reference}", "text": ""}
    letters.by_address[address_of(one.number)].append(letter)


def _message(session: Session, one: Held, seq: int, sender: str, text: str | None) -> None:
    body = {"text": text}
    session.add(Message(conversation_id=one.id, seq=seq, at=machine_now(), sender=sender, body=body))


def _case(session: Session, one: Held) -> Case:
    at = machine_now()
    case = Case(
        reference=references.fresh(),
        right="marketing_objection",
        state="fulfilled",
        conversation_id=one.id,
        received_at=at,
        due_on=(at + timedelta(days=30)).date(),
    )
    session.add(case)
    session.flush()
    return case


def _step(session: Session, case: Case, kind: str, state: str, key: str) -> None:
    session.add(
        Step(key=f"{case.id}:{kind}:{key}", kind=kind, case_id=case.id, state=state, planned_at=machine_now())
    )


def _opened(case: Case, key: str) -> HelpdeskTicket:
    subject = f"Privacy request {case.reference} (objection)"
    return HelpdeskTicket(
        key=f"{case.reference}:{key}", subject=subject, state="resolved", opened_at=machine_now()
    )


def _comment(session: Session, ticket: HelpdeskTicket, key: str) -> None:
    session.add(HelpdeskComment(key=f"{ticket.id}:{key}", ticket_id=ticket.id, text=MOVED, at=machine_now()))
