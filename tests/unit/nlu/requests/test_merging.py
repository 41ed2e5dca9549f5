"""Several requests in one message, merged from its clauses."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

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
        part("show me my file", "access"),
    ]
    assert requests_of(parts) == ["opt_out", "access"]


def test_a_guard_holds_for_a_clause_too() -> None:
    parts = [
        part("don't erase me", "erase"),
        part("stop mailing me", "opt_out"),
        part("show me my file", "access"),
    ]
    assert requests_of(parts) == ["opt_out", "access"]


def test_where_one_clause_asks_the_whole_decides() -> None:
    parts = [part("I am a customer", "customers_customer", asks=0.1), part("stop mailing me", "opt_out")]
    assert requests_of(parts) == []


def test_what_was_only_told_of_somebody_else_is_not_asked_for() -> None:
    parts = [part("my brother got a copy of his", "on_behalf"), part("I'd like mine", "portability")]
    assert requests_of(parts) == ["portability"]


def test_what_a_customer_of_ours_is_to_do_is_not_asked_of_us() -> None:
    parts = [
        part("a shop writes to me with your software", "customers_customer"),
        part("get me off their list", "opt_out"),
        part("and show me what you have on me", "access"),
    ]
    assert requests_of(parts) == ["customers_customer", "access"]


def test_an_order_about_what_stands_before_is_part_of_it() -> None:
    parts = [
        part("my surname is wrong", "rectify"),
        part("update it", "request_status"),
        part("erase it afterwards", "erase"),
    ]
    assert requests_of(parts) == ["rectify", "erase"]


def test_a_grave_request_that_is_not_plainly_ordered_needs_the_whole_to_speak_for_it() -> None:
    parts = [
        part("the idea of having it erased", "erase", sure=0.8, asks=0.8),
        part("how does that work", "ask_rights"),
        part("and who is in charge", "contact_dpo"),
    ]
    assert requests_of(parts, whole="ask_rights") == ["ask_rights", "contact_dpo"]
    assert requests_of(parts, whole="erase") == ["erase", "ask_rights", "contact_dpo"]


@pytest.mark.parametrize(("whole", "left"), [("opt_in", "opt_in"), ("opt_out", "opt_out")])
def test_of_two_opposite_wishes_about_nothing_in_particular_one_was_not_meant(whole: str, left: str) -> None:
    parts = [part("I was never to be unsubscribed", "opt_out"), part("put me back", "opt_in")]
    assert requests_of(parts, whole=whole) == [left]


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
