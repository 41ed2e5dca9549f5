"""The clauses of a message are read by those beside them."""

from __future__ import annotations

import pytest

from nlu.requests.clauses import Clause
from nlu.requests.context import in_their_context, meant_of_the_product, with_what_is_called_off
from nlu.requests.interfaces import Part
from nlu.understanding.vocabulary import CONTRACT


def part(text: str, intent: str, sure: float = 0.95, asks: float = 0.95) -> Part:
    """A clause that is read as an intent."""
    others = CONTRACT - {intent}
    probabilities = {intent: sure} | dict.fromkeys(others, (1 - sure) / len(others))
    return Part(Clause(text, 0, so_far=text), probabilities, {"asks": asks, "tells": 1 - asks})


def surest(read: Part) -> str:
    """What a clause is taken for."""
    return max(read.probabilities, key=lambda intent: read.probabilities[intent])


def test_nothing_is_read_of_nothing() -> None:
    assert in_their_context(()) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("can you get rid of it", "out_of_scope"),
        ("please delete those", "out_of_scope"),
        ("please delete it with my record", "erase"),
        ("please delete everything", "erase"),
    ],
)
def test_what_is_to_go_is_the_product_s_where_that_was_spoken_of(text: str, meant: str) -> None:
    read = in_their_context(
        [part("there is a duplicate customer in the ledger", "out_of_scope"), part(text, "erase")]
    )

    assert surest(read[1]) == meant


def test_but_only_where_it_surely_was() -> None:
    read = in_their_context([part("you list me twice", "out_of_scope", sure=0.6), part("delete it", "erase")])

    assert surest(read[1]) == "erase"


@pytest.mark.parametrize(
    "after", ["that's not what I'm asking", "this is not what I want", "that isn't what we're after"]
)
def test_what_is_said_to_be_not_asked_is_ruled_out(after: str) -> None:
    read = in_their_context([part("you can stop the mailings", "opt_out"), part(after, "deny")])

    assert read[0].acts["refuses"] > 0.9
    assert read[0].asks < 0.1


def test_what_is_asked_after_all_is_not() -> None:
    read = in_their_context([part("stop the mailings", "opt_out"), part("that is what I'm asking", "affirm")])

    assert read[0].asks > 0.9


@pytest.mark.parametrize("text", ["kindly stop", "and please stop it now", "so stop that"])
def test_an_order_to_stop_goes_on_with_what_stands_before(text: str) -> None:
    read = in_their_context([part("I don't want my visits analysed", "object"), part(text, "opt_out")])

    assert surest(read[1]) == "object"


def test_an_order_to_stop_something_else_does_not() -> None:
    read = in_their_context(
        [part("I don't want my visits analysed", "object"), part("stop the emails", "opt_out")]
    )

    assert surest(read[1]) == "opt_out"


def test_what_they_are_and_their_address_are_about_what_stands_before() -> None:
    settings = in_their_context(
        [part("don't change my settings", "view_preferences"), part("just tell me what they are", "access")]
    )
    officer = in_their_context(
        [
            part("who is your data protection officer", "contact_dpo"),
            part("I want their email address", "on_behalf"),
        ]
    )

    assert surest(settings[1]) == "view_preferences"
    assert surest(officer[1]) == "contact_dpo"


def test_a_grave_word_that_only_the_product_was_meant_by_counts_for_the_whole_no_more() -> None:
    alone = [
        part("I mean the duplicate in our own ledger", "out_of_scope"),
        part("can you get rid of it", "erase"),
    ]
    also = [*alone, part("and delete me, too", "erase")]

    assert meant_of_the_product(alone, in_their_context(alone)) == {"erase"}
    assert meant_of_the_product(also, in_their_context(also)) == frozenset(), "another clause asks for it"
    assert meant_of_the_product(alone[:1], in_their_context(alone[:1])) == frozenset()


def test_take_me_off_them_is_no_erasure_where_lists_were_asked_about() -> None:
    read = in_their_context(
        [
            part("which lists am I on?", "view_preferences"),
            part("whatever they are", "access", sure=0.5),
            part("take me off them", "erase", sure=0.7),
        ]
    )

    assert surest(read[2]) == "opt_out"


def test_but_it_is_where_a_record_was_spoken_of() -> None:
    read = in_their_context([part("I want my record gone", "erase"), part("take me off it", "erase")])

    assert surest(read[1]) == "erase"


@pytest.mark.parametrize(
    ("text", "after", "meant"),
    [
        ("hiya, that request to have my info removed", "scrap it", "withdraw_request"),
        ("my deletion request", "please cancel that", "withdraw_request"),
        ("that request to have my info removed", "get on with it", "erase"),
        ("I request that my info is removed", "scrap it", "erase"),
        ("please remove my info", "forget it ever existed", "erase"),
    ],
)
def test_a_request_that_was_made_is_taken_back_and_no_other(text: str, after: str, meant: str) -> None:
    read = in_their_context([part(text, "erase"), part(after, "stop")])

    assert surest(read[0]) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Do not go ahead with REFERENCE_1 please", "withdraw_request"),
        ("please don't proceed with my request", "withdraw_request"),
        ("do not go ahead with REFERENCE_1, correct my name first", "rectify"),
        ("why did you not go ahead with REFERENCE_1", "rectify"),
        ("do not go ahead with the webinar", "rectify"),
    ],
)
def test_what_is_called_off_by_its_reference_is_a_request_taken_back(text: str, meant: str) -> None:
    whole = with_what_is_called_off(text, {"rectify": 0.5, "withdraw_request": 0.25, "affirm": 0.25})

    assert max(whole, key=lambda intent: whole[intent]) == meant


def test_a_message_that_is_nothing_calls_nothing_off() -> None:
    assert with_what_is_called_off("do not go ahead with REFERENCE_1", {}) == {}
