"""Cases in Slack: posted when somebody has to decide, opened, acted on, and never twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from actions.audit.models import AuditEntry
from actions.cases import services as cases
from actions.cases.models import Case, CaseEvent
from actions.crm.embedded import EmbeddedCrm
from actions.rights import decisions
from bot.slack_standin.looking import words
from bot.slack_standin.people import User
from tests.slack.desk.conftest import DESK, ELSEWHERE, PRIYA, TOM, Desk, MakeDesk, objection
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure


def transitions(desk: Desk, reference: str, to: str) -> int:
    with desk.database.read() as session:
        query = select(func.count()).select_from(CaseEvent).join(Case).where(Case.reference == reference)
        return session.scalar(query.where(CaseEvent.to_state == to)) or 0


def test_a_case_that_waits_for_a_decision_is_posted_and_then_shows_who_did_what(
    desk: Desk, chat: Chat
) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    said = desk.says()
    for part in (reference, "Erasure", "P… R…", "active agreement", "identity proven by code", "Delete"):
        assert part in said
    assert desk.settle() is None
    assert len(desk.slack.channel(DESK).messages) == 1

    desk.person("dana").press("approve")
    desk.settle()
    (message,) = desk.slack.channel(DESK).messages
    assert "@U0DANA approved it" in words(message)
    assert desk.case(reference).decided_by == "dana"
    desk.work()
    desk.settle()
    assert "steps done" in desk.says()


def test_nothing_personal_reaches_the_channel(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    objection(Chat(desk.database))
    desk.settle()
    desk.person("reader").opens_home()
    desk.person("reader").press("case_open", message=desk.slack.channel(DESK).messages[0])
    for part in ("story", "clock", "plan", "searched", "work"):
        desk.person("reader").press(f"case_{part}")
    desk.person("agent").command("/privacy", reference, channel=DESK)
    desk.person("agent").command("/privacy", f"find {PRIYA}", channel=DESK)
    sent = desk.slack.everything_sent()
    assert reference in sent
    for secret in (PRIYA, TOM, "Hartwell", "Priya", "Northgate", "I mind"):
        assert secret not in sent


@pytest.mark.parametrize("name", ["nobody", "reader", "agent"])
def test_whoever_may_not_is_refused_in_private_and_audited(desk: Desk, chat: Chat, name: str) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    person = desk.person(name)
    person.press("approve", message=desk.slack.channel(DESK).messages[0])
    assert desk.case(reference).state == "awaiting_approval"
    assert ("role" if name == "nobody" else "at least approver") in words(person.private)
    assert len(desk.slack.channel(DESK).messages) == 1
    with desk.database.read() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "slack_refused"))
    assert entry.details == {"why": "no_role" if name == "nobody" else "role_too_low", "what": "approve"}
    assert person.id not in entry.subject


def test_another_channel_is_not_the_desk(desk: Desk, chat: Chat) -> None:
    ask_for_erasure(chat, PRIYA)
    dana = desk.person("dana")
    dana.command("/privacy", "", channel=ELSEWHERE)
    assert "channel of the privacy desk" in words(dana.private)


def test_two_who_press_at_once_have_one_effect(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    (message,) = desk.slack.channel(DESK).messages
    people = [desk.person("dana"), desk.person("sam")]
    start = threading.Barrier(2)

    def press(person: User) -> None:
        start.wait(5)
        person.press("approve", message=message)

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert transitions(desk, reference, "in_progress") + transitions(desk, reference, "scheduled") == 1
    told = [words(person.private) for person in people]
    (loser,) = [text for text in told if "seconds ago" in text]
    assert "approved it" in loser
    assert "Nothing was changed" in loser


def test_a_press_that_is_delivered_twice_has_one_effect(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana = desk.person("dana")
    delivery = dana.press("approve")
    said = len(dana.private)
    desk.slack.deliveries.repeat(delivery)
    assert delivery.attempts == ["ok", "ok"]
    assert len(dana.private) == said
    assert transitions(desk, reference, "scheduled") + transitions(desk, reference, "in_progress") == 1


def test_what_is_decided_elsewhere_shows_in_slack(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    with desk.database.write() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        decisions.approve(session, EmbeddedCrm(desk.database), case, by="pat")
    desk.settle()
    assert "pat approved it" in desk.says()
    desk.person("dana").press("case_open")


def test_a_slow_answer_is_acknowledged_before_it_is_over_and_has_its_effect(
    make_desk: MakeDesk, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(patience=0.2)
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    approve, go_on = decisions.approve, threading.Event()

    def slowly(*given: Any, **named: Any) -> bool:
        assert go_on.wait(60)
        return approve(*given, **named)

    monkeypatch.setattr(decisions, "approve", slowly)
    assert desk.person("dana").press("approve").acknowledged
    assert desk.case(reference).state == "awaiting_approval"
    go_on.set()
    desk.slack.wait_for(lambda: desk.case(reference).state != "awaiting_approval", within=60)


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_both_transports_carry_a_case_through(make_desk: MakeDesk, chat: Chat, transport: str) -> None:
    desk = make_desk(transport=transport)
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana = desk.person("dana")
    dana.press("case_open")
    assert dana.modal is not None
    assert reference in words(dana.modal)
    dana.press("approve")
    assert "You approved" in words(dana.modal)
    assert desk.case(reference).state in ("scheduled", "in_progress")


def test_a_limit_is_waited_for(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    desk.slack.faults.rate_limit("views.open", times=1, retry_after=1)
    dana = desk.person("dana")
    dana.press("case_open")
    assert dana.modal is not None
    assert reference in words(dana.modal)
    assert [call.error for call in desk.slack.calls_of("views.open")] == ["rate_limit", ""]
