"""Whose data a text is about."""

from __future__ import annotations

import pytest

from nlu.requests.others import (
    is_ones_own,
    names_another,
    names_somebody,
    speaks_for_another,
    speaks_only_for_oneself,
)


@pytest.mark.parametrize(
    "text",
    [
        "Our client asks that all of her records be destroyed.",
        "I act for Mr Hale and require the erasure of what you hold.",
        "On behalf of PERSON_1: please freeze everything.",
        "My late uncle is still on your list. Please take him out.",
        "As her carer I ask for a copy.",
        "He'd like it deleted.",
        "I hold a power of attorney, delete it all please. My name is PERSON_1.",
    ],
)
def test_a_message_for_somebody_else_is_told(text: str) -> None:
    assert speaks_for_another(text)


@pytest.mark.parametrize(
    "text",
    [
        "Please delete my data, my late uncle opened the account.",
        "My solicitor says that I should ask for erasure.",
        "On behalf of myself: forget me.",
        "Our client list is wrong in the CRM.",
        "She wants it too but please remove me first.",
    ],
)
def test_ones_own_request_that_mentions_others_is_not(text: str) -> None:
    assert not speaks_for_another(text)


def test_a_clause_is_ones_own_if_it_speaks_of_nobody_else() -> None:
    assert is_ones_own("I want a list of it")
    assert not is_ones_own("I want his list")
    assert not is_ones_own("the list please")
    assert names_another("send them hers")
    assert not names_another("send it to me")


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("My granddaughter wrote this for me. She says you must erase my details.", True),
        ("I act for Mr Hale. My own data you may keep.", False),
        ("What do you hold on her?", False),
    ],
)
def test_who_tells_of_others_may_speak_for_nobody_else(text: str, alone: bool) -> None:
    assert speaks_only_for_oneself(text) is alone


@pytest.mark.parametrize(
    "text", ["ask PERSON_1", "for my mum", "he left", "one of your customers", "a colleague of ours"]
)
def test_somebody_is_named(text: str) -> None:
    assert names_somebody(text)


@pytest.mark.parametrize("text", ["also you keep writing mr", "delete my record", "what do you hold"])
def test_nobody_is_named(text: str) -> None:
    assert not names_somebody(text)
