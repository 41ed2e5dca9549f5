"""Several requests in one message, merged from its clauses."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.requests.acts import REFUSES, TELLS
from nlu.requests.clauses import Clause
from nlu.requests.interfaces import Part
from nlu.requests.merging import merge
from nlu.understanding.decision import decide
from nlu.understanding.vocabulary import CONTRACT


def part(
    text: str, intent: str, *, asks: float = 0.95, sure: float = 0.95, joint: str = "", act: str = TELLS
) -> Part:
    """A clause that is read as an intent."""
    others = CONTRACT - {intent}
    probabilities = {intent: sure} | dict.fromkeys(others, (1 - sure) / len(others))
    return Part(Clause(text, 0, joint), probabilities, {"asks": asks, act: 1 - asks})


def requests_of(parts: Sequence[Part], whole: str = "") -> list[str]:
    """What a message of these clauses asks for."""
    text = ". ".join(part.clause.text for part in parts)
    return [
        asked.intent for asked in merge(text, {whole: 1.0} if whole else parts[0].probabilities, parts).asked
    ]


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
    assert requests_of(parts) == ["rectify", "opt_out"]


def test_what_asks_for_nothing_is_no_request() -> None:
    parts = [
        part("don't erase it", "erase", asks=0.1),
        part("you wrote too often", "complaint", joint="because"),
        part("hello", "greet"),
        part("stop mailing me", "opt_out"),
    ]
    assert requests_of(parts) == ["opt_out"]


def test_a_guard_holds_for_a_clause_too() -> None:
    parts = [part("don't erase me", "erase"), part("stop mailing me", "opt_out")]
    assert requests_of(parts) == ["opt_out"]


def test_what_is_asked_for_somebody_else_is_one_request_whatever_it_is() -> None:
    parts = [part("I write for my mother", "on_behalf"), part("show me her file", "access")]
    assert requests_of(parts) == ["on_behalf"]


def test_ones_own_request_stands_beside_one_for_somebody_else() -> None:
    parts = [part("erase my record", "erase"), part("my brother wants his gone too", "on_behalf")]
    assert requests_of(parts) == ["erase", "on_behalf"]


def test_what_one_clause_rules_out_and_another_asks_for_is_weighed_against_the_whole() -> None:
    parts = [
        part("I need no file", "portability", asks=0.02, act=REFUSES),
        part("tell me what is stored", "access"),
    ]
    merged = merge("I need no file, tell me what is stored", {"portability": 0.7, "access": 0.3}, parts)
    assert merged.whole["access"] > 0.9
    assert merged.words == "tell me what is stored"


FILLERS = [part("I am a customer of yours and have been for a long time", "customers_customer", asks=0.1)] * 6


def test_in_a_letter_only_plain_orders_and_questions_count() -> None:
    parts = [
        *FILLERS,
        part("you once asked for my file", "portability"),
        part("please show me what you store", "access"),
        part("I would like to know who has seen it", "ask_policy"),
        part("kindly end the newsletters", "opt_out"),
    ]
    assert requests_of(parts, whole="access") == ["access", "opt_out"]


def test_a_letter_without_a_plain_order_is_read_as_a_whole() -> None:
    parts = [*FILLERS, part("my surname has been wrong for years", "rectify")]
    merged = merge(". ".join(each.clause.text for each in parts), {"rectify": 0.9, "greet": 0.1}, parts)
    assert [(asked.intent, asked.confidence > 0.85) for asked in merged.asked] == [("rectify", True)]
