"""Whatever is said, exactly one custom action answers a turn, and it is the right one."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.engine.priming import priming_events
from tests.engine.actions_stub import ActionsStub, Call, asks
from tests.engine.running import PROJECT, RunningEngine

FORM = "validate_request_form"
DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
INTENTS = [name for entry in DOMAIN["intents"] for name in entry]
INFORM = (
    "ask_policy",
    "ask_rights",
    "automated_decisions",
    "contact_dpo",
    "account_help",
    "out_of_scope",
)
REPLY = ("greet", "goodbye", "thank", "help", "affirm", "deny", "stop", "choose", "provide")
REPLY_INSIDE = ("greet", "goodbye", "thank", "help", "stop")


def expected_outside(intent: str) -> str:
    """The action for an intent where no form is active."""
    if intent in INFORM:
        return "action_inform"
    if intent in REPLY:
        return "action_reply"
    return "action_clarify" if intent == "unclear" else FORM


def expected_inside(intent: str) -> str:
    """The action for an intent inside the form."""
    if intent in INFORM:
        return "action_inform"
    if intent in REPLY_INSIDE:
        return "action_reply"
    return "action_clarify" if intent == "unclear" else FORM


def turn(engine: RunningEngine, actions: ActionsStub, sender: str, message: str, **more: Any) -> Call:
    """Say something; one action must be called, and Rasa must not speak itself."""
    before = len(actions.of(sender))
    assert engine.say(sender, message, **more) == []
    calls = actions.of(sender)[before:]
    assert [call.action for call in calls] == [calls[0].action] if calls else False, calls
    return calls[0]


@pytest.fixture
def in_form(engine: RunningEngine, actions: ActionsStub) -> str:
    """A session in whose form the email address was asked for."""
    sender = engine.new_session()
    turn(engine, actions, sender, "/erase")
    return sender


@pytest.mark.parametrize("intent", INTENTS)
def test_each_intent_outside_the_form(engine: RunningEngine, actions: ActionsStub, intent: str) -> None:
    sender = engine.new_session()

    call = turn(engine, actions, sender, f"/{intent}")

    assert call.action == expected_outside(intent)
    assert call.intent == intent
    opened = "request_form" if call.action == FORM else None
    assert engine.tracker(sender)["active_loop"].get("name") == opened


@pytest.mark.parametrize("intent", INTENTS)
def test_each_intent_inside_the_form_and_back(
    engine: RunningEngine, actions: ActionsStub, in_form: str, intent: str
) -> None:
    call = turn(engine, actions, in_form, f"/{intent}")
    assert call.action == expected_inside(intent)
    assert call.form == "request_form"

    back = turn(engine, actions, in_form, '/provide{"email": "EMAIL_1"}')
    assert (back.action, back.slot("email"), back.slot("requested_slot")) == (FORM, "EMAIL_1", "email")


@pytest.mark.parametrize(
    ("message", "intent", "action"),
    [
        ("how long do you keep data?", "ask_policy", "action_inform"),
        ("hello", "greet", "action_reply"),
        ("thanks", "thank", "action_reply"),
        ("never mind", "stop", "action_reply"),
        ("yes", "affirm", FORM),
        ("no", "deny", FORM),
        ("please also tell me what you hold about me", "access", FORM),
        ("I want to talk to a person", "talk_to_human", FORM),
    ],
)
def test_words_inside_the_form(
    engine: RunningEngine, actions: ActionsStub, in_form: str, message: str, intent: str, action: str
) -> None:
    call = turn(engine, actions, in_form, message)

    assert (call.intent, call.action, call.form) == (intent, action, "request_form")
    assert engine.tracker(in_form)["slots"]["requested_slot"] == "email"


def test_a_request_in_words_opens_the_form(engine: RunningEngine, actions: ActionsStub) -> None:
    call = turn(engine, actions, engine.new_session(), "please delete all my data, I am EMAIL_1")

    assert (call.action, call.intent, call.form) == (FORM, "erase", "request_form")
    assert [entity["value"] for entity in call.message["entities"]] == ["EMAIL_1"]


@pytest.mark.parametrize("message", ["EMAIL_1", "it's EMAIL_1", '/provide{"email": "EMAIL_1"}'])
def test_a_value_reaches_its_slot(
    engine: RunningEngine, actions: ActionsStub, in_form: str, message: str
) -> None:
    call = turn(engine, actions, in_form, message)

    assert (call.action, call.intent, call.slot("email")) == (FORM, "provide", "EMAIL_1")
    assert engine.tracker(in_form)["slots"]["email"] is None


def test_the_value_asked_for_is_taken_even_from_a_question(
    engine: RunningEngine, actions: ActionsStub, in_form: str
) -> None:
    call = turn(engine, actions, in_form, "EMAIL_1, but how long do you keep my data?")

    assert (call.action, call.slot("email")) == (FORM, "EMAIL_1")


def test_a_value_without_a_form_is_given_to_the_reply(engine: RunningEngine, actions: ActionsStub) -> None:
    call = turn(engine, actions, engine.new_session(), "EMAIL_1")

    assert (call.action, call.intent, call.slot("email")) == ("action_reply", "provide", None)


def test_a_choice_reaches_the_form_and_is_gone_afterwards(
    engine: RunningEngine, actions: ActionsStub, in_form: str
) -> None:
    call = turn(engine, actions, in_form, '/choose{"choice": "copy_first"}')

    assert (call.action, call.slot("choice")) == (FORM, "copy_first")
    assert engine.tracker(in_form)["slots"]["choice"] is None


def test_a_choice_without_a_form_is_named_to_the_reply(engine: RunningEngine, actions: ActionsStub) -> None:
    call = turn(engine, actions, engine.new_session(), '/choose{"choice": "why_date"}')

    assert call.action == "action_reply"
    assert [(entity["entity"], entity["value"]) for entity in call.message["entities"]] == [
        ("choice", "why_date")
    ]


@pytest.mark.parametrize("message", ["I can't get at that mailbox", "send me the code again"])
def test_situational_words_count_only_while_on_offer(
    engine: RunningEngine, actions: ActionsStub, in_form: str, message: str
) -> None:
    offered = turn(engine, actions, in_form, message, offered=["resend_code", "no_mailbox"])
    assert (offered.action, offered.intent in {"resend_code", "no_mailbox"}) == (FORM, True)

    not_offered = turn(engine, actions, in_form, message)
    assert not_offered.intent not in {"resend_code", "no_mailbox"}


def test_the_form_ends_and_nothing_follows(engine: RunningEngine, actions: ActionsStub, in_form: str) -> None:
    actions.answer = lambda _call: asks(None)

    assert turn(engine, actions, in_form, '/provide{"email": "EMAIL_1"}').action == FORM

    state = engine.tracker(in_form)
    assert state["active_loop"] == {}
    assert state["latest_action_name"] == "action_listen"
    assert turn(engine, actions, in_form, "yes").action == "action_reply"
    assert turn(engine, actions, in_form, "/access").form == "request_form"


def test_a_form_may_end_as_it_opens(engine: RunningEngine, actions: ActionsStub) -> None:
    actions.answer = lambda _call: asks(None)
    sender = engine.new_session()

    assert turn(engine, actions, sender, "/request_status").action == FORM
    assert engine.tracker(sender)["active_loop"] == {}


def test_a_form_turn_that_extracts_nothing_still_reaches_the_form(
    engine: RunningEngine, actions: ActionsStub, in_form: str
) -> None:
    call = turn(engine, actions, in_form, "yes")

    assert (call.action, call.slot("email")) == (FORM, None)


@pytest.mark.parametrize("answer", [None, [{"event": 5}], [{"event": "slot"}], [{"event": "nonsense"}]])
@pytest.mark.parametrize("message", ["/erase", "/ask_policy", "/unclear"])
def test_after_an_action_that_failed_no_other_is_tried(
    engine: RunningEngine, actions: ActionsStub, message: str, answer: list[dict[str, Any]] | None
) -> None:
    actions.answer = lambda _call: answer
    sender = engine.new_session()

    turn(engine, actions, sender, message)

    assert engine.tracker(sender)["latest_action_name"] == "action_listen"


def test_after_a_form_turn_that_failed_no_other_is_tried(
    engine: RunningEngine, actions: ActionsStub, in_form: str
) -> None:
    actions.answer = lambda _call: None
    assert turn(engine, actions, in_form, '/provide{"email": "EMAIL_1"}').action == FORM


def test_a_form_turn_that_returned_nothing_is_not_answered_by_something_else(
    engine: RunningEngine, actions: ActionsStub, in_form: str
) -> None:
    actions.answer = lambda _call: []
    assert turn(engine, actions, in_form, "yes").action == FORM
    assert turn(engine, actions, in_form, "yes").action == FORM


@pytest.mark.parametrize("slot", ["email", "code", "choice"])
def test_a_fresh_session_is_primed_into_the_form(
    engine: RunningEngine, actions: ActionsStub, slot: str
) -> None:
    sender = engine.new_session()
    answer = engine.http.put(f"/conversations/{sender}/tracker/events", json=priming_events(slot))
    assert answer.status_code == 200

    interrupted = turn(engine, actions, sender, "how long do you keep data?")
    assert (interrupted.action, interrupted.form) == ("action_inform", "request_form")
    call = turn(engine, actions, sender, f'/provide{{"{slot}": "VALUE_1"}}')
    assert (call.action, call.form, call.slot(slot)) == (FORM, "request_form", "VALUE_1")
    assert call.slot("requested_slot") == slot


def test_priming_by_appending_needs_the_session_start_first(
    engine: RunningEngine, actions: ActionsStub
) -> None:
    sender = engine.new_session()
    start = [{"event": "action", "name": "action_session_start"}, {"event": "session_started"}]
    events = [*start, *priming_events("email")]
    answer = engine.http.post(f"/conversations/{sender}/tracker/events", json=events)
    assert answer.status_code == 200

    call = turn(engine, actions, sender, '/provide{"email": "EMAIL_1"}')
    assert (call.action, call.form, call.slot("email")) == (FORM, "request_form", "EMAIL_1")


def test_the_turn_and_the_understanding_reach_the_action(engine: RunningEngine, actions: ActionsStub) -> None:
    call = turn(engine, actions, engine.new_session(), "please delete all my data", turn="turn-77")

    assert call.message["metadata"] == {"turn": "turn-77", "offered": []}
    understanding = call.message["understanding"]
    assert set(understanding) == {"decision", "intents", "sections", "out_of_scope"}
    assert (understanding["decision"], understanding["intents"][0]["name"]) == ("act", "erase")


def test_sessions_do_not_mix(engine: RunningEngine, actions: ActionsStub, in_form: str) -> None:
    assert turn(engine, actions, engine.new_session(), "yes").action == "action_reply"
    assert turn(engine, actions, in_form, "yes").action == FORM
