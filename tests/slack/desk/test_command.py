"""`/privacy` and the message shortcut: private, useful, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.audit.models import AuditEntry
from actions.cases import services as cases
from actions.cases.deadlines import local_date
from actions.cases.models import Case, address_hash
from actions.clock import now
from actions.database import Database
from actions.handover import desk_agents, hours
from bot.slack_standin.looking import words
from tests.slack.desk.conftest import DESK, ELSEWHERE, Desk
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure

PRIYA = "priya@hartwell.example"


def newest(database: Database) -> Case | None:
    with database.read() as session:
        return session.scalars(select(Case).order_by(Case.id.desc())).first()


def test_the_queue_a_case_and_help_are_private(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    dana = desk.person("dana")
    dana.command("/privacy", "", channel=DESK)
    assert reference in words(dana.private[-1])
    assert "*1* waiting for me" in words(dana.private[-1])
    dana.command("/privacy", reference.lower(), channel=DESK)
    assert "Erasure" in words(dana.private[-1])
    dana.press("approve")
    assert desk.case(reference).decided_by == "dana"
    dana.command("/privacy", "help", channel=DESK)
    assert "/privacy log" in words(dana.private[-1])
    assert desk.slack.channel(DESK).messages == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("PR-0000-0000", "no case"),
        ("dance", "/privacy help"),
        ("find tom", "no email address"),
        ("find", "no email address"),
    ],
)
def test_what_cannot_be_answered_says_what_to_do(desk: Desk, text: str, says: str) -> None:
    agent = desk.person("agent")
    agent.command("/privacy", text, channel=DESK)
    assert says in words(agent.private)


def test_looking_somebody_up_is_masked_and_audited(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    agent = desk.person("agent")
    agent.command("/privacy", f"find <mailto:{PRIYA}|{PRIYA}>", channel=DESK)
    said = words(agent.private)
    assert "p…@h….example" in said
    assert "P… R…" in said
    assert reference in said
    assert PRIYA not in desk.slack.everything_sent()
    with desk.database.read() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "address_looked_up"))
    assert (entry.actor, entry.subject) == ("agent", address_hash(PRIYA))
    reader = desk.person("reader")
    reader.command("/privacy", f"find {PRIYA}", channel=DESK)
    assert "at least agent" in words(reader.private)


def test_a_request_by_telephone_is_put_on_record_with_its_true_date(desk: Desk, chat: Chat) -> None:
    agent = desk.person("agent")
    agent.command("/privacy", "log", channel=DESK)
    with desk.database.read() as session:
        today = local_date(now(session))
    asked = today - timedelta(days=5)
    form = {
        "right": "erasure",
        "channel": "telephone",
        "address": PRIYA,
        "words": "Wants to be deleted.",
        "proof": "called_back",
        "proof_words": "the mobile number on file",
    }
    assert (
        "not here yet"
        in agent.submit("log_request", form | {"on": (today + timedelta(days=1)).isoformat()}).errors["on"]
    )
    assert "no email address" in agent.submit("log_request", form | {"address": "priya"}).errors["address"]
    agent.submit("log_request", form | {"on": asked.isoformat()})
    case = newest(desk.database)
    assert case is not None
    assert (case.right, case.channel, local_date(case.received_at)) == ("erasure", "telephone", asked)
    assert case.state == "awaiting_approval"
    assert agent.modal is not None
    assert case.reference in words(agent.modal)
    with desk.database.read() as session:
        texts = [note.text for note in cases.notes_of(session, case)]
    assert "Wants to be deleted." in texts
    assert any("the mobile number on file" in text for text in texts)
    desk.settle()
    assert "identity by calling a number on file" in desk.says()


def test_a_message_becomes_a_request_once(desk: Desk, chat: Chat) -> None:
    sales = desk.person("nobody")
    message = sales.message(ELSEWHERE, "A customer wants a copy of everything we have on them.")
    sales.shortcut("privacy_request", message)
    assert sales.modal is not None
    assert "work at the privacy desk" in words(sales.modal)
    agent = desk.person("agent")
    agent.shortcut("privacy_request", message)
    assert agent.modal is not None
    agent.submit("log_request", {"right": "access", "proof": "not_yet"})
    case = newest(desk.database)
    assert case is not None
    assert case.channel == "slack"
    with desk.database.read() as session:
        assert "A customer wants a copy" in cases.notes_of(session, case)[0].text
    desk.slack.deliveries.repeat(desk.slack.deliveries.made[-1])
    with desk.database.read() as session:
        assert len(session.scalars(select(Case)).all()) == 1


def test_being_there_for_contacts(desk: Desk, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = desk.person("agent")
    monkeypatch.setattr(hours, "closes_at", lambda at: at + timedelta(hours=3))
    agent.command("/privacy", "on", channel=DESK)
    with desk.database.read() as session:
        assert desk_agents.anybody_on_duty(session)
    agent.command("/privacy", "off", channel=DESK)
    with desk.database.read() as session:
        assert not desk_agents.anybody_on_duty(session)
    monkeypatch.setattr(hours, "closes_at", lambda _at: None)
    agent.command("/privacy", "on", channel=DESK)
    assert "closed now" in words(agent.private[-1])
    reader = desk.person("reader")
    reader.command("/privacy", "on", channel=DESK)
    assert "at least agent" in words(reader.private)
