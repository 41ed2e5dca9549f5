"""Act, ask, inform or talk: the decision over given probabilities."""

from __future__ import annotations

import pytest

from nlu.understanding.decision import decide, decision_for
from nlu.understanding.vocabulary import CONTRACT, GRAVE, QUESTIONS, REQUESTS, TALK


def sure(intent: str, confidence: float = 0.95) -> dict[str, float]:
    """Probabilities with one likely intent; the rest is spread over all others."""
    others = (CONTRACT | {"no_mailbox", "resend_code"}) - {intent}
    return {intent: confidence} | dict.fromkeys(others, (1 - confidence) / len(others))


def test_the_vocabulary_is_the_contract() -> None:
    assert len(CONTRACT) == 31
    assert len(REQUESTS) + len(QUESTIONS) + len(TALK) == 31
    assert GRAVE <= REQUESTS


@pytest.mark.parametrize("intent", sorted(CONTRACT))
def test_a_clear_intent_is_decided_by_its_kind(intent: str) -> None:
    understood = decide("please, that is what I mean", sure(intent))

    assert understood.decision == decision_for(intent) != "ask"
    assert understood.effective_intent == intent
    assert [reading.name for reading in understood.intents] == [intent]


def test_the_printed_form_is_the_contract() -> None:
    printed = decide("delete my data", sure("erase", 0.97)).as_dict()

    assert printed["decision"] == "act"
    (intent,) = printed["intents"]
    assert (intent["name"], intent["slots"]) == ("erase", {})
    assert 0.96 < intent["confidence"] <= 1
    assert printed["sections"] == []
    assert 0 <= printed["out_of_scope"] < 0.01


def test_two_likely_intents_are_asked_about_and_both_offered() -> None:
    understood = decide("sort out my details", {"rectify": 0.35, "access": 0.33, "greet": 0.2, "erase": 0.12})

    assert (understood.decision, understood.effective_intent) == ("ask", "unclear")
    assert [reading.name for reading in understood.intents] == ["rectify", "access"]


def test_what_cannot_be_undone_needs_more_certainty() -> None:
    for intent in GRAVE:
        assert decide("as I said on the telephone", sure(intent, 0.5)).decision == "ask"
    assert decide("as I said on the telephone", sure("access", 0.5)).decision == "act"


def test_a_negated_erasure_gives_way_to_what_is_wanted() -> None:
    understood = decide(
        "don't erase anything, just fix my number", {"erase": 0.55, "rectify": 0.4, "stop": 0.05}
    )

    assert (understood.decision, understood.effective_intent) == ("act", "rectify")


def test_a_negated_erasure_with_nothing_else_in_it_is_asked_about() -> None:
    understood = decide("don't erase me", {"erase": 0.9, "restrict": 0.06, "rectify": 0.04})

    assert understood.decision == "ask"
    assert "erase" not in [reading.name for reading in understood.intents]


def test_a_question_about_a_right_is_answered() -> None:
    understood = decide(
        "what happens if I ask you to delete me", {"erase": 0.8, "ask_rights": 0.15, "stop": 0.05}
    )

    assert (understood.decision, understood.effective_intent) == ("inform", "ask_rights")


def test_a_reported_erasure_is_offered_and_not_begun() -> None:
    understood = decide("your email said you would remove my record", {"erase": 0.9, "complaint": 0.1})

    assert understood.decision == "ask"
    assert understood.intents[0].name == "erase"


@pytest.mark.parametrize(
    "text", ["EMAIL_1", "it’s EMAIL_1 thanks", "my number is PHONE_1", "VALUE_1, CODE_2"]
)
def test_a_bare_value_is_provided_whatever_the_classifier_says(text: str) -> None:
    understood = decide(text, sure("rectify"))

    assert (understood.decision, understood.effective_intent, understood.intents) == ("talk", "provide", ())


def test_a_value_among_other_words_does_not_hide_the_request() -> None:
    assert decide("delete everything under EMAIL_1", sure("erase")).effective_intent == "erase"


def test_a_situational_intent_counts_while_it_is_on_offer() -> None:
    understood = decide("I can't get at that mailbox", sure("no_mailbox"), offered=["no_mailbox"])

    assert (understood.effective_intent, understood.intents) == ("no_mailbox", ())


def test_otherwise_it_does_not_and_the_rest_is_weighed_anew() -> None:
    understood = decide("I can't get in", {"no_mailbox": 0.7, "account_help": 0.28, "greet": 0.02})

    assert (understood.decision, understood.effective_intent) == ("inform", "account_help")
    assert understood.confidence == pytest.approx(0.28 / 0.3)


def test_an_uncertain_situational_intent_gives_way() -> None:
    probabilities = {"no_mailbox": 0.35, "account_help": 0.33, "help": 0.32}
    understood = decide("I can't get in", probabilities, offered=["no_mailbox"])

    assert "no_mailbox" not in [reading.name for reading in understood.intents]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_text_is_asked_about(text: str) -> None:
    understood = decide(text, sure("affirm"))

    assert (understood.decision, understood.intents) == ("ask", ())


def test_nothing_is_read_into_another_language() -> None:
    understood = decide("supprimez mes données", sure("erase"), language="fr")

    assert (understood.decision, understood.effective_intent) == ("talk", "out_of_scope")
    assert [reading.name for reading in understood.intents] == ["out_of_scope"]
    assert understood.as_dict()["language"] == "fr"
    assert "language" not in decide("delete it", sure("erase")).as_dict()


def test_a_value_is_a_value_in_any_language() -> None:
    assert decide("EMAIL_1", sure("erase"), language="fr").effective_intent == "provide"


def test_where_the_contact_is_asked_the_likeliest_stands_alone_if_it_is_clearly_ahead() -> None:
    understood = decide("sort out my details", {"rectify": 0.6, "access": 0.25, "erase": 0.15})

    assert [reading.name for reading in understood.intents] == ["rectify"]
    assert [reading.name for reading in understood.candidates] == ["rectify", "access", "erase"]
    printed = understood.as_dict()
    assert [reading["name"] for reading in printed["candidates"]] == ["rectify", "access", "erase"]


def test_where_two_are_about_as_likely_both_are_printed() -> None:
    understood = decide("sort out my details", {"rectify": 0.5, "access": 0.45, "erase": 0.05})

    assert understood.intents == understood.candidates
    assert [reading.name for reading in understood.intents] == ["rectify", "access"]


def test_what_is_clear_has_no_candidates() -> None:
    assert "candidates" not in decide("delete all my data", sure("erase")).as_dict()


def test_a_grave_request_that_nobody_spoke_of_is_asked_about() -> None:
    understood = decide("a new contract is being signed", {"restrict": 0.45, "request_status": 0.05})

    assert understood.decision == "ask"
