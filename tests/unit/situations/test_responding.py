"""What is said and done about what else turned up in a message, turn by turn, without an engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.cases import services as cases
from actions.cases.models import AgentTask
from actions.conversations import log
from actions.fulfilment.models import Step
from actions.handover.models import Handover
from actions.identity.models import VerificationCode
from actions.preferences.services import suppressed_topics
from actions.situations import services as situations
from actions.situations.overhearing import heard
from tests.support.dialogue import Chat

TOM = "tom@northgate.example"


def texts(said: list[dict[str, Any]]) -> str:
    return "\n".join(message["text"] for message in said)


def offers(said: list[dict[str, Any]]) -> list[str]:
    return [choice["id"] for message in said for choice in message.get("choices", [])]


def asks(said: list[dict[str, Any]]) -> list[str]:
    return [message["ask"]["field"] for message in said if "ask" in message]


def tasks(chat: Chat) -> list[str]:
    with chat.database.read() as session:
        return [task.kind for task in session.scalars(select(AgentTask).order_by(AgentTask.id))]


def letters(chat: Chat) -> list[tuple[str, str]]:
    with chat.database.read() as session:
        steps = session.scalars(select(Step).where(Step.kind == "mail").order_by(Step.id))
        return [(step.state, (step.payload or {}).get("template", "")) for step in steps]


def tags(chat: Chat) -> list[tuple[str, ...]]:
    with chat.database.read() as session:
        return [cases.tags_of(session, case) for case in chat.cases()]


def codes(chat: Chat) -> int:
    with chat.database.read() as session:
        return len(session.scalars(select(VerificationCode)).all())


# --- danger ---


def test_danger_is_met_with_numbers_and_a_person_and_nothing_is_asked(chat: Chat) -> None:
    said = chat.send("out_of_scope", situations=("danger",))
    assert "999" in texts(said)
    assert "116 123" in texts(said)
    assert asks(said) == []
    assert tasks(chat) == ["danger"]
    assert chat.cases() == []


def test_a_request_beside_danger_is_noted_with_its_date_and_waits(chat: Chat) -> None:
    said = chat.send("erase", situations=("danger",))
    assert asks(said) == []
    assert [(case.right, case.state) for case in chat.cases()] == [("erasure", "draft")]
    assert "noted from today" in texts(said)
    later = chat.send("thank")
    assert "carry_on" in offers(later)
    assert asks(chat.send(choice="carry_on")) == ["email"]


def test_danger_in_the_middle_of_a_proof_asks_for_no_code(chat: Chat) -> None:
    chat.send("access")
    chat.send(email=TOM)
    said = chat.send("unclear", requests=[], situations=("danger",))
    assert asks(said) == []
    assert "carry_on" in offers(said)
    assert asks(chat.send(choice="carry_on")) == ["code"]


def test_danger_is_heard_in_a_reply_that_the_engine_never_reads(chat: Chat) -> None:
    chat.send("complaint")
    said = chat.send(value="You never answer. I can't bear it and I am going to kill myself tonight.")
    assert "116 123" in texts(said)
    assert tasks(chat) == ["danger"]


def test_danger_calls_a_person_into_the_chat_when_one_is_there(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.handover.services.available", lambda session: True)
    said = chat.send("erase", situations=("danger",))
    assert "called into this chat" in texts(said)
    with chat.database.read() as session:
        assert [row.state for row in session.scalars(select(Handover))] == ["waiting"]
    assert chat.conversation().with_person


def test_danger_is_answered_in_full_every_time(chat: Chat) -> None:
    first = chat.send("out_of_scope", situations=("danger",))
    assert chat.send("out_of_scope", situations=("danger",))[0]["text"] == first[0]["text"]
    assert tasks(chat) == ["danger"]


# --- somebody else reads the mail ---


def test_after_domestic_abuse_nothing_is_sent_and_a_person_serves(chat: Chat) -> None:
    said = chat.send("access", situations=("domestic",))
    assert "0808 2000 247" in texts(said)
    assert asks(said) == ["value"]
    done = chat.send(value="ring my sister on Tuesday morning")
    (case,) = chat.cases()
    assert case.state == "awaiting_approval"
    assert case.details["reach"] == "ring my sister on Tuesday morning"
    assert case.address is None
    assert done[-1]["case"]["state"] == "awaiting_approval"
    assert codes(chat) == 0
    assert letters(chat) == []
    assert tags(chat) == [("safe_channel",)]


def test_the_notice_of_an_opt_out_is_held_until_a_person_decides(chat: Chat) -> None:
    chat.send("opt_out", situations=("domestic",))
    chat.send(email=TOM)
    assert letters(chat) == [("held", "marketing_stopped")]
    assert tasks(chat) == ["domestic", "held_mail"]
    with chat.database.read() as session:
        assert suppressed_topics(session, "email", TOM)


def test_a_proof_under_way_is_replaced_by_a_person(chat: Chat) -> None:
    chat.send("erase")
    chat.send(email=TOM)
    said = chat.send("out_of_scope", situations=("domestic",))
    assert asks(said) == ["value"]
    assert chat.send(choice="answer_here")[-1]["case"]["state"] == "awaiting_approval"


def test_no_code_is_sent_by_any_other_way(chat: Chat) -> None:
    chat.send("out_of_scope", situations=("domestic",))
    chat.send("opt_in")
    assert codes(chat) == 0


def test_a_person_can_settle_it(chat: Chat) -> None:
    chat.send("access", situations=("domestic",))
    with chat.database.write() as session:
        assert situations.settle(session, chat.id, "domestic", by="dana")
        assert not situations.settle(session, chat.id, "domestic", by="dana")
    assert tags(chat) == [()]


# --- who is asking ---


@pytest.mark.parametrize(
    ("name", "tag", "words"),
    [
        ("child", "child", "date of birth"),
        ("staff", "restricted", "HR only"),
        ("adjustment", "adjustment", "no code"),
    ],
)
def test_these_requests_go_to_a_person_without_a_code(chat: Chat, name: str, tag: str, words: str) -> None:
    said = chat.send("erase", situations=(name,))
    assert words in texts(said)
    assert asks(said) == ["value"]
    chat.send(value="sam@elsewhere.example")
    (case,) = chat.cases()
    assert (case.right, case.state, case.address) == ("erasure", "awaiting_approval", "sam@elsewhere.example")
    assert tags(chat) == [(tag,)]
    assert codes(chat) == 0


@pytest.mark.parametrize("sounds_like", [("adjustment",), ("fishing",), ("adjustment", "fishing")])
def test_a_mailbox_that_was_left_behind_is_nothing_else(chat: Chat, sounds_like: tuple[str, ...]) -> None:
    chat.send("access")
    chat.send(email=TOM)
    said = chat.send("no_mailbox", situations=sounds_like)
    assert "no code to type" not in texts(said)
    assert "who our customers are" not in texts(said)
    assert chat.cases()[0].state == "awaiting_approval"
    assert tags(chat) == [()]


def test_what_is_asked_later_goes_to_a_person_too(chat: Chat) -> None:
    chat.send("out_of_scope", situations=("child",))
    assert asks(chat.send("access")) == ["value"]


def test_stopping_marketing_stays_quick_for_a_child(chat: Chat) -> None:
    chat.send("opt_out", situations=("child",))
    assert chat.send(email=TOM)[0]["case"]["right"] == "marketing_objection"


@pytest.mark.parametrize("name", ["police", "press", "regulator", "fishing", "authority"])
def test_nobody_is_told_anything_about_anybody(chat: Chat, name: str) -> None:
    said = chat.send("on_behalf", situations=(name,))
    assert asks(said) == []
    assert chat.cases() == []
    assert "nothing" in texts(said) or "can't" in texts(said)


def test_police_press_and_regulator_are_routed(chat: Chat) -> None:
    for name in ("police", "press", "regulator"):
        chat.send("on_behalf", situations=(name,))
    assert tasks(chat) == ["police", "press", "regulator"]


def test_a_claim_of_authority_is_served_like_everybody(chat: Chat) -> None:
    assert asks(chat.send("access", situations=("authority",))) == ["email"]
    assert chat.send(email=TOM)[-1]["ask"]["field"] == "code"


# --- manners ---


def test_one_boundary_and_the_right_is_served(chat: Chat) -> None:
    said = chat.send("erase", situations=("abuse",))
    assert "don't insult" in said[0]["text"]
    assert asks(said) == ["email"]
    assert tasks(chat) == []
    again = chat.send("out_of_scope", situations=("abuse",))
    assert "don't insult" not in texts(again)
    assert tasks(chat) == ["abuse"]


def test_a_person_may_end_the_chat(chat: Chat) -> None:
    chat.send("out_of_scope", situations=("abuse",))
    with chat.database.write() as session:
        situations.end(session, chat.id, by="dana")
    said = chat.send("erase")
    assert "ended this chat" in texts(said)
    assert chat.cases() == []


def test_a_threat_reaches_a_person_and_the_right_is_served(chat: Chat) -> None:
    assert asks(chat.send("access", situations=("threat",))) == ["email"]
    assert tasks(chat) == ["threat"]


def test_a_bargain_opens_nothing_but_offers_the_right(chat: Chat) -> None:
    said = chat.send("access", situations=("bargain",))
    assert asks(said) == []
    assert "access" in offers(said)
    (draft,) = chat.cases()
    assert (draft.right, draft.state, "uncertain" in draft.details) == ("access", "draft", True)
    chat.pass_time(timedelta(days=1))
    assert asks(chat.send("access", requests=[])) == ["email"]
    assert [case.received_at for case in chat.cases()] == [draft.received_at]


def test_regret_is_told_the_truth_and_starts_nothing(chat: Chat) -> None:
    said = chat.send("erase", situations=("regret",))
    assert "can't bring it back" in texts(said)
    assert chat.cases() == []


# --- the dead, and mail that should not have come ---


def test_the_address_of_somebody_who_died_is_suppressed_at_once(chat: Chat) -> None:
    said = chat.send("on_behalf", situations=("death",), email="priya@hartwell.example")
    assert "sorry for your loss" in said[0]["text"]
    assert asks(said) == ["email"]
    with chat.database.read() as session:
        assert "technical_support_updates" in suppressed_topics(session, "email", "priya@hartwell.example")
    done = chat.send(email="ravi@elsewhere.example")
    (case,) = chat.cases()
    assert (case.right, case.state, case.address) == ("other", "awaiting_approval", "ravi@elsewhere.example")
    assert tags(chat) == [("deceased",)]
    assert "priya" not in texts(done).lower()
    assert tasks(chat) == ["deceased"]
    assert letters(chat) == [("planned", "case_received")]


def test_the_same_is_said_of_an_address_that_is_not_on_file(chat: Chat) -> None:
    other = Chat(chat.database)
    here = chat.send("on_behalf", situations=("death",), email="priya@hartwell.example")
    there = other.send("on_behalf", situations=("death",), email="nobody@elsewhere.example")
    assert [message["text"] for message in here] == [message["text"] for message in there]


def test_an_address_that_is_not_known_is_no_hindrance(chat: Chat) -> None:
    chat.send("erase", situations=("death",))
    assert chat.send(choice="cancel")[-1]["ask"]["field"] == "email"
    chat.send(email="ravi@elsewhere.example")
    assert [(case.right, case.state) for case in chat.cases()] == [("other", "awaiting_approval")]


def test_mail_to_a_suppressed_address_is_a_complaint_and_an_alert(chat: Chat) -> None:
    chat.send("opt_out")
    chat.send(email=TOM)
    chat.send(choice="cancel")
    chat.pass_time(timedelta(days=9))
    said = chat.send("complaint", situations=("still_mailed",))
    assert asks(said) == ["email"]
    done = chat.send(email=TOM)
    assert done[-1]["case"]["right"] == "complaint"
    assert tasks(chat) == ["breach_alert"]
    with chat.database.read() as session:
        alert = session.scalars(select(AgentTask)).one()
        assert alert.due_on == chat.cases()[-1].received_at.date() + timedelta(days=3)


def test_mail_to_an_address_that_was_never_stopped_is_a_complaint_without_an_alert(chat: Chat) -> None:
    chat.send("complaint", situations=("still_mailed",))
    same = chat.send(email="nobody@elsewhere.example")
    assert tasks(chat) == []
    assert "stopped from now on" in texts(same)
    with chat.database.read() as session:
        assert suppressed_topics(session, "email", "nobody@elsewhere.example")


# --- the rest ---


def test_what_was_taken_out_is_said_before_the_request_goes_on(chat: Chat) -> None:
    said = chat.send("erase", masked=["card", "password"])
    assert "card number and password" in said[0]["text"]
    assert asks(said) == ["email"]


def test_another_language_is_answered_in_both_and_leads_to_a_person(chat: Chat) -> None:
    said = chat.send("unclear", requests=[], language="pl")
    assert "English" in texts(said)
    assert "Rozumiem" in texts(said)
    assert "talk_to_human" in offers(said)
    chat.send("out_of_scope", language="xx")
    assert offers(chat.send("unclear", requests=[], language="pl")) == ["talk_to_human", "leave_message"]


def test_a_request_that_is_understood_in_another_language_is_served(chat: Chat) -> None:
    assert asks(chat.send("access", language="fr")) == ["email"]


def test_several_requests_beside_a_situation_are_all_served(chat: Chat) -> None:
    said = chat.send(
        "on_behalf",
        requests=[{"name": "on_behalf"}, {"name": "opt_out"}],
        situations=("fishing",),
    )
    assert asks(said) == ["email"]
    assert [case.right for case in chat.cases()] == ["marketing_objection"]


def test_a_situation_is_no_misunderstanding(chat: Chat) -> None:
    for _ in range(3):
        chat.send("out_of_scope", situations=("instructions",))
    assert chat.conversation().misunderstandings == 0


def test_danger_is_heard_while_a_person_is_waited_for(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.handover.services.available", lambda session: True)
    chat.send("talk_to_human")
    assert chat.conversation().with_person
    with chat.database.write() as session:
        conversation = log.lock(session, chat.id)
        assert conversation is not None
        said = log.append(session, conversation, "contact", {"text": "hurry, I want to kill myself"})
        heard(session, conversation, said.seq)
        before = said.seq
    assert "116 123" in texts(chat.messages(before))
    assert tasks(chat) == ["danger"]


def test_other_words_for_a_person_are_only_passed_on(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.handover.services.available", lambda session: True)
    chat.send("talk_to_human")
    with chat.database.write() as session:
        conversation = log.lock(session, chat.id)
        assert conversation is not None
        said = log.append(session, conversation, "contact", {"text": "is anybody there"})
        heard(session, conversation, said.seq)
        before = said.seq
    assert "116 123" not in texts(chat.messages(before))
    assert tasks(chat) == []
