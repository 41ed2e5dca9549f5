"""Clauses of letters that order something in so many words."""

from __future__ import annotations

import pytest

from nlu.requests.acts import REFUSES
from nlu.requests.clauses import clauses_of
from nlu.requests.letter_orders import as_ordered, as_put_right, as_said
from tests.unit.nlu.requests.parts import part


def test_a_plain_order_is_one_whatever_else_its_clause_refuses() -> None:
    clause = part(
        "please erase whatever you are not obliged to keep", "erase", asks=0.3, sure=0.7, act=REFUSES
    )
    read = as_ordered(clause)
    refused = part("please delete nothing of mine", "erase", asks=0.3, sure=0.7, act=REFUSES)

    assert read is not None
    assert (read.asks, read.probabilities["erase"]) == (0.95, 0.95)
    assert as_ordered(refused) is None


@pytest.mark.parametrize(
    "text",
    [
        "I also ask that you wipe what you gathered",
        "I further require you to wipe my entry",
        "I request that you delete my entry",
        "I demand that all data about me be erased at once",
        "I require the immediate erasure of my entry",
        "I likewise request you, pursuant to Article 17(1)(b) of the UK GDPR, to wipe my entry",
    ],
)
def test_what_is_also_asked_is_a_request_of_its_own(text: str) -> None:
    (clause,) = clauses_of(text)
    read = as_ordered(part(clause.text, "erase", sure=0.7, asks=0.3))

    assert read is not None
    assert min(read.asks, read.asks_in_a_letter, read.in_context) > 0.9


def test_what_is_also_asked_not_to_be_done_is_none() -> None:
    assert as_ordered(part("I also ask you not to erase it", "erase", sure=0.7)) is None


@pytest.mark.parametrize(
    "text",
    [
        "I should be obliged if you would put that right",
        "correct it",
        "I request that you correct it to read otherwise",
        "could you please amend them",
    ],
)
def test_what_was_said_to_be_wrong_is_to_be_put_right(text: str) -> None:
    read = as_put_right(part(text, "rectify", sure=0.8, asks=0.1))

    assert read is not None
    assert read.probabilities["rectify"] > 0.9
    assert min(read.asks, read.asks_in_a_letter) > 0.9
    assert len(read.clause.text.split()) > 3, "so short an order would go on with another"


@pytest.mark.parametrize(
    "text", ["until you have put that right", "when you correct it", "I put it right myself"]
)
def test_what_is_only_told_to_be_put_right_is_no_order(text: str) -> None:
    assert as_put_right(part(text, "rectify", sure=0.8, asks=0.1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "please let me know by Friday how my request stands",
        "tell me where we now stand",
        "inform me of the present state of the processing",
        "what became of my earlier request",
    ],
)
def test_where_the_matter_stands_is_news_of_an_earlier_request(text: str) -> None:
    read = as_said(part(text, "request_status", sure=0.5, asks=0.4))

    assert read is not None
    assert read.probabilities["request_status"] > 0.9
    assert min(read.asks, read.asks_in_a_letter, read.in_context) > 0.9


@pytest.mark.parametrize(
    ("text", "intent"),
    [("tell me where the matter stands", "complaint"), ("I know where I stand", "request_status")],
)
def test_other_words_of_it_are_none(text: str, intent: str) -> None:
    assert as_said(part(text, intent, sure=0.5)) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("this letter is also a formal complaint", "complaint"),
        ("I require the entry to be corrected", "rectify"),
        ("I ask that my title be put right", "rectify"),
        ("I hereby revoke any and all consent that you think you have", "withdraw_consent"),
    ],
)
def test_what_a_clause_says_that_it_is_it_is(text: str, intent: str) -> None:
    read = as_said(part(text, intent, sure=0.6, asks=0.3))

    assert read is not None
    assert min(read.asks, read.asks_in_a_letter, read.in_context, read.surest[1]) > 0.9


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("this is no complaint", "complaint"),
        ("I told you what was to be corrected", "rectify"),
        ("I gave no consent that I could revoke", "withdraw_consent"),
    ],
)
def test_what_it_only_tells_it_is_not(text: str, intent: str) -> None:
    assert as_said(part(text, intent)) is None
