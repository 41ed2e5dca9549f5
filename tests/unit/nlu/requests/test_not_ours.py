"""What is asked beside a request, and is not about personal data, is kept beside it."""

from __future__ import annotations

import pytest

from nlu.requests.interfaces import Part
from nlu.requests.not_ours import NOT_OURS
from tests.unit.nlu.requests.parts import FILLER, part
from tests.unit.nlu.requests.test_messages import requests_of

CRASH = part("the pipeline report keeps crashing", NOT_OURS, sure=0.99, asks=0.7)
STOP = part("take me off your mailing list", "opt_out", sentence=1, sure=0.99)
NEW = part("my email has changed", "rectify", sentence=1, sure=0.99)
LOOK = part("can someone look", "talk_to_human", sure=0.9)
CALL = part("can someone ring me", "talk_to_human", sure=0.9)


def without(intent: str, probable: float) -> dict[str, float]:
    """A whole message that is about an intent, and so much about something else."""
    return {intent: 1 - probable, NOT_OURS: probable}


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([CRASH, STOP], [NOT_OURS, "opt_out"]),
        ([STOP, CRASH], ["opt_out", NOT_OURS]),
        ([STOP, CRASH, NEW], ["opt_out", NOT_OURS, "rectify"]),
        ([CRASH, LOOK, STOP], [NOT_OURS, "opt_out"]),
        ([CRASH, CALL, STOP], [NOT_OURS, "talk_to_human", "opt_out"]),
    ],
    ids=["before", "after", "between", "a look goes on with it", "a call does not"],
)
def test_it_stands_in_its_place(parts: list[Part], found: list[str]) -> None:
    assert requests_of(parts, without("opt_out", 0.1)) == found


@pytest.mark.parametrize("probable", [0.5, 0.999])
def test_it_stands_beside_what_is_asked_in_passing(probable: float) -> None:
    assert requests_of([CRASH, NEW], without("rectify", probable)) == [NOT_OURS, "rectify"]


@pytest.mark.parametrize(
    "aside",
    [
        part("we trade as Lomax & Finch now", NOT_OURS, sure=0.9, asks=0.7),
        part("I only wanted the trial", NOT_OURS, sure=0.99, asks=0.1),
        part("COMPANY_1, EMAIL_1", NOT_OURS, sure=0.99, asks=0.9),
    ],
    ids=["not surely", "only told", "who writes"],
)
def test_what_is_said_aside_is_nothing_asked(aside: Part) -> None:
    assert NOT_OURS not in requests_of([aside, STOP, NEW], without("opt_out", 0.1))


def test_the_whole_must_speak_for_it() -> None:
    assert NOT_OURS not in requests_of([CRASH, STOP, NEW], without("opt_out", 0.001))


def test_a_message_all_about_the_product_stays_one() -> None:
    how = part("how do I undo that", "ask_rights", sure=0.7, asks=0.9)
    assert requests_of([CRASH, how], without("ask_rights", 0.98)) == []


@pytest.mark.parametrize(("probable", "kept"), [(0.05, True), (0.02, False)])
def test_letters_tell_of_many_things(probable: float, kept: bool) -> None:
    long = [CRASH, part(f"please {STOP.clause.text}. {FILLER}", "opt_out", sentence=1, sure=0.99)]
    assert (NOT_OURS in requests_of(long, without("opt_out", probable))) is kept
