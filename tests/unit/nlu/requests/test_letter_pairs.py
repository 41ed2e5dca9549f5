"""What a letter asks for in pairs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlu.requests.asked import Asked
from nlu.requests.letter_pairs import as_one_copy, with_a_breach
from tests.unit.nlu.requests.parts import part

BREACH = replace(part("my papers went to a stranger", "report_breach", asks=0.9), asks_in_a_letter=0.05)
ERASES = Asked("erase", 0.99, "please wipe my entry")


def intents(asked: list[Asked]) -> list[str]:
    """What is asked for, in order."""
    return [each.intent for each in asked]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("I am reporting this to you", ["report_breach", "erase"]),
        ("I wish to report a data breach", ["report_breach", "erase"]),
        ("he reported this to me", ["erase"]),
    ],
)
def test_what_is_told_is_reported_where_somebody_says_so(words: str, found: list[str]) -> None:
    parts = [BREACH, part(words, "complaint", sentence=1), part("please wipe my entry", "erase", sentence=2)]

    assert intents(with_a_breach([ERASES], parts)) == found


def test_a_breach_is_reported_once() -> None:
    reported = Asked("report_breach", 0.9, "my papers went to a stranger")

    assert with_a_breach([reported], [BREACH, part("I am reporting this", "complaint")]) == [reported]


@pytest.mark.parametrize(("likelier", "left"), [("access", "access"), ("portability", "portability")])
def test_a_look_and_a_copy_beside_another_request_are_the_likelier_of_the_two(
    likelier: str, left: str
) -> None:
    both = [Asked("complaint", 0.9, "a"), Asked("access", 0.9, "b"), Asked("portability", 0.9, "c")]

    assert intents(as_one_copy("complaint", both, {likelier: 0.1})) == ["complaint", left]
    assert as_one_copy("access", both[1:], {likelier: 0.1}) == both[1:], "where one is the main request"
