"""Several requests in one message, merged from its clauses."""

from __future__ import annotations

from nlu.requests.clauses import Clause
from nlu.requests.interfaces import Part
from nlu.requests.merging import requests_of
from nlu.understanding.decision import decide
from nlu.understanding.vocabulary import CONTRACT


def part(text: str, intent: str, *, asks: float = 0.95, sure: float = 0.95, joint: str = "") -> Part:
    """A clause that is read as an intent."""
    others = CONTRACT - {intent}
    probabilities = {intent: sure} | dict.fromkeys(others, (1 - sure) / len(others))
    return Part(Clause(text, 0, joint), probabilities, {"asks": asks, "tells": 1 - asks})


def test_each_request_is_found_in_the_order_said() -> None:
    parts = [part("show me my file", "access"), part("no more newsletters", "opt_out")]
    understood = decide("show me my file, no more newsletters", {"access": 0.9}, parts=parts)

    assert [reading.name for reading in understood.intents] == ["access", "opt_out"]
    assert understood.intents[1].slots == {"topics": ["monthly_newsletter"]}
    assert (understood.decision, understood.effective_intent) == ("act", "access")


def test_a_question_beside_a_request_does_not_come_before_it() -> None:
    parts = [part("how long do you keep data", "ask_policy"), part("show me mine", "access")]
    understood = decide("how long do you keep data? show me mine", {"ask_policy": 0.9}, parts=parts)

    assert [reading.name for reading in understood.intents] == ["ask_policy", "access"]
    assert (understood.decision, understood.effective_intent) == ("act", "access")


def test_the_same_request_in_two_clauses_is_one() -> None:
    parts = [
        part("my name is wrong", "rectify"),
        part("correct it", "rectify"),
        part("stop mailing", "opt_out"),
    ]
    assert [asked.intent for asked in requests_of(parts)] == ["rectify", "opt_out"]


def test_what_asks_for_nothing_is_no_request() -> None:
    parts = [
        part("don't erase it", "erase", asks=0.1),
        part("you wrote too often", "complaint", joint="because"),
        part("hello", "greet"),
        part("stop mailing me", "opt_out"),
    ]
    assert [asked.intent for asked in requests_of(parts)] == ["opt_out"]


def test_a_guard_holds_for_a_clause_too() -> None:
    parts = [part("don't erase me", "erase"), part("stop mailing me", "opt_out")]
    assert [asked.intent for asked in requests_of(parts)] == ["opt_out"]


def test_a_request_about_somebody_else_stands_alone() -> None:
    parts = [part("I write for my mother", "on_behalf"), part("show me the file", "access")]
    assert requests_of(parts) == []
