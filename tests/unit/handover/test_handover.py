"""A contact asks for a person: connected where somebody is there, heard, handed back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.audit.services import entries_about
from actions.conversations import intake, log
from actions.conversations.interfaces import TurnInput
from actions.database import Database
from actions.handover import services as handovers
from actions.handover.interfaces import AgentIdentity, HandoverRefused
from actions.handover.models import Handover
from tests.support.desk import agent, open_the_desk
from tests.support.dialogue import Chat, chat
from tests.support.store import database

__all__ = ["chat", "database"]


@pytest.fixture(scope="session", autouse=True)
def pseudonymiser() -> None:
    intake.pseudonymiser()


@pytest.fixture
def sam(database: Database) -> AgentIdentity:
    open_the_desk(database)
    return agent(database, "sam")


def offers(message: dict) -> list[str]:
    return [choice["id"] for choice in message.get("choices", [])]


def write(chat: Chat, text: str) -> int:
    """The contact's words, as the gateway takes them in."""
    with chat.database.write() as session:
        return intake.accept(session, chat.id, TurnInput(text=text), to_person=handovers.heard)


def handover_of(chat: Chat) -> Handover:
    with chat.database.read() as session:
        found = handovers.of_conversation(session, chat.id)
        assert found is not None
        return found


def test_nobody_on_duty_means_a_message_and_no_promise(chat: Chat, database: Database) -> None:
    open_the_desk(database)
    asked = chat.send("talk_to_human")[-1]
    assert asked["ask"]["field"] == "email"
    assert not chat.conversation().with_person


def test_out_of_hours_an_agent_on_duty_changes_nothing(chat: Chat, sam: AgentIdentity) -> None:
    chat.pass_time(timedelta(hours=12))
    agent(chat.database, "sam")
    assert chat.send("talk_to_human")[-1]["ask"]["field"] == "email"


def test_the_contact_is_put_in_line_and_heard_and_the_assistant_is_silent_once_somebody_is_there(
    chat: Chat, sam: AgentIdentity
) -> None:
    told = chat.send("talk_to_human")[-1]
    assert "next in line" in told["text"]
    assert offers(told) == ["leave_message", "back_to_assistant"]
    noted = write(chat, "it is about the agreement")
    assert "in the line" in chat.messages(noted)[-1]["text"]
    with chat.database.write() as session:
        handovers.take(session, handover_of(chat).id, sam)
    taken = chat.messages(noted)[-1]
    assert taken["from"] == "system"
    assert taken["text"].startswith("sam is here")
    said = write(chat, "hello sam")
    assert chat.messages(said) == []
    assert chat.conversation().open_turns == 0


def test_what_an_agent_says_is_said_once_for_each_key_and_under_their_name(
    chat: Chat, sam: AgentIdentity
) -> None:
    chat.send("talk_to_human")
    before = chat.conversation().last_seq
    identifier = handover_of(chat).id
    with chat.database.write() as session:
        handovers.take(session, identifier, sam)
    for key in ("a", "a", "b"):
        with chat.database.write() as session:
            handovers.reply(session, identifier, sam, "Only your name.", key=key)
    said = [message for message in chat.messages(before) if message["from"] == "agent"]
    assert [(message["text"], message["agent"]) for message in said] == [("Only your name.", "sam")] * 2


def test_two_agents_never_answer_unknowingly(chat: Chat, sam: AgentIdentity) -> None:
    dana = agent(chat.database, "dana", "approver")
    chat.send("talk_to_human")
    identifier = handover_of(chat).id
    with chat.database.write() as session:
        handovers.take(session, identifier, sam)
    chat.pass_time(timedelta(seconds=12))
    with chat.database.write() as session:
        with pytest.raises(HandoverRefused, match=r"sam took this 1[23] seconds ago"):
            handovers.take(session, identifier, dana)
        with pytest.raises(HandoverRefused, match="sam is talking"):
            handovers.reply(session, identifier, dana, "Hello", key="k")
    with chat.database.write() as session:
        handovers.take(session, identifier, dana, over=True)
    with chat.database.write() as session, pytest.raises(HandoverRefused, match="dana is talking"):
        handovers.reply(session, identifier, sam, "Hello", key="k")


def test_an_observer_only_reads(chat: Chat, sam: AgentIdentity) -> None:
    olive = agent(chat.database, "olive", "observer", on_duty=False)
    chat.send("talk_to_human")
    with chat.database.write() as session, pytest.raises(HandoverRefused, match="only reads"):
        handovers.take(session, handover_of(chat).id, olive)


def test_handed_back_the_request_that_waited_goes_on_where_it_was(chat: Chat, sam: AgentIdentity) -> None:
    chat.send("erase")
    assert chat.send(email="tom@northgate.example")[-1]["ask"]["field"] == "code"
    told = chat.send("talk_to_human")
    assert "next in line" in told[-1]["text"], "nothing else may be asked after that"
    identifier = handover_of(chat).id
    with chat.database.write() as session:
        handovers.take(session, identifier, sam)
        handovers.hand_back(session, identifier, sam)
    assert "carry_on" in offers(chat.messages()[-1])
    assert chat.send(choice="carry_on")[-1]["ask"]["field"] == "code"
    assert chat.conversation().engine_session is None, "a fresh session is told of the code"
    assert chat.send(code=chat.code())[-1]["card"]["title"]


def test_whoever_cannot_wait_leaves_a_message_or_goes_on_with_the_assistant(
    chat: Chat, sam: AgentIdentity
) -> None:
    chat.send("talk_to_human")
    back = chat.send(choice="back_to_assistant")
    assert "back with me" in back[-1]["text"]
    assert not chat.conversation().with_person
    chat.send("talk_to_human")
    assert chat.send(choice="leave_message")[-1]["ask"]["field"] == "email"
    with chat.database.read() as session:
        assert handovers.of_conversation(session, chat.id) is None


def test_a_typed_label_is_a_button_for_a_waiting_contact_too(chat: Chat, sam: AgentIdentity) -> None:
    chat.send("talk_to_human")
    write(chat, "Carry on without a person")
    assert chat.conversation().open_turns == 1, "it goes to the assistant"


def test_the_same_words_with_the_same_key_are_kept_once(chat: Chat, sam: AgentIdentity) -> None:
    chat.send("talk_to_human")
    with chat.database.write() as session:
        first = intake.accept(session, chat.id, TurnInput(text="hi"), key="k", to_person=handovers.heard)
    with chat.database.write() as session:
        again = intake.accept(session, chat.id, TurnInput(text="hi"), key="k", to_person=handovers.heard)
    assert first == again
    assert len([message for message in chat.messages(first - 1) if message["from"] == "contact"]) == 1


def test_a_long_wait_is_spoken_of_and_ends_when_nobody_is_left(chat: Chat, sam: AgentIdentity) -> None:
    chat.send("talk_to_human")
    with chat.database.write() as session:
        assert handovers.tend(session) == 0
    chat.pass_time(timedelta(minutes=4))
    agent(chat.database, "sam")
    with chat.database.write() as session:
        assert handovers.tend(session) == 1
    assert "number 1" in chat.messages()[-1]["text"]
    chat.pass_time(timedelta(minutes=4))
    with chat.database.write() as session:
        assert handovers.tend(session) == 1
    last = chat.messages()[-1]
    assert "nobody is free" in last["text"]
    assert offers(last) == ["leave_message"]
    assert not chat.conversation().with_person


def test_the_line_is_first_come_first_served(chat: Chat, sam: AgentIdentity, database: Database) -> None:
    chat.send("talk_to_human")
    second = Chat(database)
    assert "number 2" in second.send("talk_to_human")[-1]["text"]
    with database.write() as session:
        handovers.take(session, handover_of(chat).id, sam)
    with database.read() as session:
        assert handovers.position(session, handover_of(second)) == 1


def test_every_step_is_on_the_audit_trail_under_a_keyed_hash(chat: Chat, sam: AgentIdentity) -> None:
    chat.send("talk_to_human")
    identifier = handover_of(chat).id
    with chat.database.write() as session:
        handovers.take(session, identifier, sam)
    with chat.database.write() as session:
        handovers.close(session, identifier, sam)
    with chat.database.read() as session:
        entries = entries_about(session, handovers.subject(chat.id))
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("contact", "handover_requested"),
        ("sam", "handover_taken"),
        ("sam", "handover_over"),
    ]
    assert chat.id not in handovers.subject(chat.id)


def test_the_log_stays_in_order(chat: Chat, sam: AgentIdentity) -> None:
    chat.send("talk_to_human")
    write(chat, "one")
    with chat.database.read() as session:
        seqs = [message.seq for message in log.after(session, chat.id, 0)]
    assert seqs == list(range(1, len(seqs) + 1))
