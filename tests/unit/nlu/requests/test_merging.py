"""Several requests in one message, merged from its clauses."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nlu.requests.acts import REFUSES, SUPPOSES, TELLS
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
    a_little = {intent: 0.01 for part in parts for intent in part.probabilities}
    read = {**a_little, whole: 1.0} if whole else parts[0].probabilities
    return [asked.intent for asked in merge(text, read, parts).asked]


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
    assert requests_of(parts, whole="portability") == ["portability"]
    assert requests_of(parts, whole="on_behalf") == ["on_behalf", "portability"]


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
        part("you once asked for my file", "portability", asks=0.85),
        part("please show me what you store", "access"),
        part("I would like to know who has seen it", "ask_policy", sure=0.89),
        part("kindly end the newsletters", "opt_out"),
    ]
    assert requests_of(parts, whole="access") == ["access", "opt_out"]


def test_what_the_whole_letter_does_not_speak_for_at_all_was_misread_in_one_clause() -> None:
    parts = [*FILLERS, part("please show me what you store", "access"), part("I want a name", "rectify")]
    text = ". ".join(each.clause.text for each in parts)

    assert [each.intent for each in merge(text, {"access": 0.99, "rectify": 0.01}, parts).asked] == [
        "access",
        "rectify",
    ]
    assert [each.intent for each in merge(text, {"access": 1.0, "rectify": 0.001}, parts).asked] == ["access"]


def test_a_letter_without_a_plain_order_is_read_as_a_whole() -> None:
    parts = [*FILLERS, part("my surname has been wrong for years", "rectify")]
    merged = merge(". ".join(each.clause.text for each in parts), {"rectify": 0.9, "greet": 0.1}, parts)
    assert [(asked.intent, asked.confidence > 0.85) for asked in merged.asked] == [("rectify", True)]


def test_a_refusal_beside_a_request_takes_nothing_back() -> None:
    parts = [part("don't delete me", "withdraw_request"), part("stop the letters", "opt_out")]
    assert requests_of(parts) == ["opt_out"]


def test_a_request_taken_back_beside_another_is_one() -> None:
    parts = [part("cancel my request", "withdraw_request"), part("stop the letters", "opt_out")]
    assert requests_of(parts) == ["withdraw_request", "opt_out"]


@pytest.mark.parametrize("text", ["want to be forgotten", "restrict"])
def test_beside_a_question_about_rights_only_a_plain_order_starts_anything(text: str) -> None:
    parts = [part(text, "erase", asks=0.7), part("what would I need", "ask_rights")]
    understood = decide(f"{text}, what would I need?", {"ask_rights": 0.98, "erase": 0.01}, parts=parts)
    assert (understood.decision, understood.effective_intent) == ("inform", "ask_rights")


def test_a_plain_order_beside_a_question_counts() -> None:
    parts = [part("please delete my file", "erase"), part("how long does it take", "ask_rights")]
    assert requests_of(parts, whole="ask_rights") == ["erase", "ask_rights"]


def test_a_complaint_that_only_tells_counts_where_the_whole_speaks_for_it() -> None:
    parts = [
        part("where is my copy", "request_status"),
        part("it's an outrage", "complaint", asks=0.05, sure=0.98),
    ]
    text = "where is my copy, it's an outrage"
    asked = merge(text, {"request_status": 0.7, "complaint": 0.3}, parts).asked
    assert [each.intent for each in asked] == ["request_status", "complaint"]
    assert merge(text, {"request_status": 0.99, "complaint": 0.01}, parts).asked == ()


def test_an_erasure_for_somebody_else_is_a_request_for_them() -> None:
    text = "our client asks you to destroy her record"
    whole = merge(text, {"erase": 0.8, "on_behalf": 0.2}, ()).whole
    assert max(whole, key=lambda intent: whole[intent]) == "on_behalf"


def test_a_letter_under_article_15_wants_access_whatever_it_calls_the_copy() -> None:
    letter = "Under Article 15 please provide a copy of my data. " + "This is why. " * 20
    parts = [
        part("please provide a copy of my data", "portability"),
        part("This is why", "complaint", asks=0.0),
    ]
    asked = merge(letter, {"portability": 0.9, "access": 0.1}, parts).asked
    assert [each.intent for each in asked] == ["access"]


def test_what_a_letter_says_of_its_own_way_is_no_request() -> None:
    letter = "Please delete my data. Please pass this letter to your officer. " + "This is why. " * 20
    parts = [
        part("please delete my data", "erase"),
        part("please pass this letter to your officer", "contact_dpo"),
        part("please tell me of my right to complain", "complaint"),
    ]
    asked = merge(letter, {"erase": 0.9, "contact_dpo": 0.1}, parts).asked
    assert [each.intent for each in asked] == ["erase"]


def test_a_grave_request_in_none_of_the_words_for_it_needs_to_be_surer() -> None:
    parts = [part("keep my file", "erase", asks=0.78), part("stop the letters", "opt_out")]
    assert requests_of(parts, whole="opt_out") == []


@pytest.mark.parametrize("text", ["I don't want to be unsubscribed", "do not take me off"])
def test_who_refuses_to_be_left_out_asks_for_no_end_of_anything(text: str) -> None:
    parts = [part(text, "opt_out"), part("show me my file", "access")]
    assert requests_of(parts, whole="access") == []


def test_a_list_of_what_is_not_wanted_orders_none_of_it() -> None:
    refused = part("I don't want it hidden, archived or suspended", "restrict", asks=0.83)
    assert requests_of([refused, part("I want it deleted", "erase")], "restrict") == []


def test_a_wish_to_be_taken_off_is_an_order() -> None:
    parts = [
        part("added by whom?", "source", asks=0.99),
        part("I'd sooner be taken off", "erase", asks=0.02, act=REFUSES),
    ]
    assert requests_of(parts, "source") == ["source", "erase"]


def test_two_sure_wishes_in_both_directions_stand_side_by_side() -> None:
    parts = [part("drop the texts", "opt_out"), part("sign me up by email", "opt_in")]
    assert requests_of(parts, "opt_in") == ["opt_out", "opt_in"]


def test_a_question_whether_something_was_done_asks() -> None:
    asked = Part(
        Clause("has anything happened with it?", 0, asks=True),
        part("", "request_status").probabilities,
        {"asks": 0.3, TELLS: 0.7},
    )
    assert requests_of([asked, part("my number is 12 now", "rectify")]) == ["request_status", "rectify"]


def test_where_others_were_only_told_of_ones_own_request_stands_alone() -> None:
    parts = [
        part("my colleague got his removed", "on_behalf", asks=0.1),
        part("now please remove mine", "erase"),
    ]
    assert requests_of(parts, whole="on_behalf") == ["erase"]


def test_two_clauses_that_are_sure_know_better_than_the_whole() -> None:
    sure = [part("do you share my data?", "ask_policy", sure=0.99), part("stop it", "opt_out", sure=0.99)]
    unsure = [
        part("do you share my data?", "ask_policy", sure=0.85),
        part("of an evening", "opt_out", sure=0.85),
    ]

    assert requests_of(sure, whole="object") == ["ask_policy", "opt_out"]
    assert requests_of(unsure, whole="object") == []


def test_consent_is_taken_back_beside_another_request_in_words_for_it_or_very_surely() -> None:
    objection = part("I object to that processing", "object")

    assert requests_of([part("I don't agree", "withdraw_consent", sure=0.9), objection], whole="object") == []
    said = part("I'm taking that yes back", "withdraw_consent", sure=0.99, asks=0.99)
    assert requests_of([said, objection], whole="object") == ["withdraw_consent", "object"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("any joy with it", "request_status"),
        ("somebody needs to ring me", "talk_to_human"),
        ("I also want to complain about you", "complaint"),
        ("my wife wants the same for her record", "on_behalf"),
    ],
)
def test_some_words_ask_whatever_they_seem_to_do(text: str, intent: str) -> None:
    asked = part(text, intent, asks=0.05)

    assert intent in requests_of([part("please correct my name", "rectify"), asked], whole="rectify")


@pytest.mark.parametrize("text", ["why would I want to be erased", "I'd rather not be deleted"])
def test_some_words_never_ask(text: str) -> None:
    assert (
        requests_of([part("stop the tracking", "object"), part(text, "talk_to_human")], whole="object") == []
    )


def test_whoever_supposes_something_asks_how_it_would_be() -> None:
    supposed = part("what if I make a request", "ask_rights", asks=0.01, act=SUPPOSES)
    merged = merge("…", {"ask_rights": 0.97, "stop": 0.03}, [supposed, part("change my mind", "stop")])

    assert max(merged.whole, key=lambda intent: merged.whole[intent]) == "ask_rights"


def test_what_is_ruled_out_beside_a_wish_for_another_topic_is_refused_beside_other_requests_too() -> None:
    parts = [
        part("fix my name", "rectify"),
        part("only the technology updates", "opt_in"),
        part("not the newsletter", "opt_out", asks=0.01, act=REFUSES, joint=","),
    ]
    understood = decide(
        "fix my name, only the technology updates, not the newsletter", {"rectify": 0.9}, parts=parts
    )

    assert [(reading.name, reading.slots.get("topics")) for reading in understood.intents] == [
        ("rectify", None),
        ("opt_in", ["technology_updates"]),
        ("opt_out", ["monthly_newsletter"]),
    ]


@pytest.mark.parametrize(
    ("clause", "intent"),
    [
        ("and don't pass my details to your partners either", "object"),
        ("if it's not done yet cancel it", "withdraw_request"),
        ("just drop that request", "withdraw_request"),
    ],
)
def test_an_order_not_to_do_something_is_an_order(clause: str, intent: str) -> None:
    parts = [
        part("take me off the mailing list", "opt_out"),
        part(clause, intent, asks=0.3, sure=0.99, act=REFUSES),
    ]

    assert requests_of(parts, "opt_out") == ["opt_out", intent]


def test_what_nobody_should_do_without_asking_is_refused() -> None:
    parts = [
        part("take me off the mailing list", "opt_out"),
        part("I don't mind your partners", "object", asks=0.3, sure=0.99, act=REFUSES),
    ]

    assert requests_of(parts, "opt_out") == []
