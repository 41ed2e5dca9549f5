"""The retriever finds the right section, says when there is none, and costs next to nothing."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from actions import policy
from tests.support.components import ENGINE, PROJECT, require

KEYS = ["7.4", "9.4", "10.2.2", "10.2.4", "12/portability", "12/automated"]
ANSWERED = {
    "tell me, are there cookies on these pages?": "7.4",
    "For how long would you be keeping what you know about me": "9.4",
    "if a policeman asks nicely, does he get my records": "10.2.2",
    "you wouldn't sell my address to advertisers, would you": "10.2.4",
    "does the copy of my details arrive as a csv file": "12",
    "does some algorithm decide about me without any human": "12",
    "do u guys put cookies on my pc plz": "7.4",
}
NOT_ANSWERED = [
    "what's the name of the data protection officer over there",
    "which encryption algorithm is it",
    "hello there",
    "EMAIL_1",
    "xkcd",
    " ",
]


BAKERY = Path(__file__).parent / "bakery"
ASKED_OF_THE_BAKERY = {
    "how many days do you hold on to my cake order": "1",
    "does anybody but you find out what I bought": "2.1",
    "can you see when I come into the shop": "3",
}


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the engine's Python finds in an index of a few sections."""
    return retrieved({"keys": KEYS, "ask": [*ANSWERED, *NOT_ANSWERED, "do you keep data " * 400]})


def retrieved(wanted: dict[str, Any]) -> dict[str, Any]:
    """What `retrieval.py` prints."""
    done = subprocess.run(
        [str(require(ENGINE)), str(Path(__file__).parent / "retrieval.py")],
        input=json.dumps(wanted),
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize(("text", "section"), ANSWERED.items())
def test_the_right_section_comes_first(told: dict[str, Any], text: str, section: str) -> None:
    assert told["found"][text][0]["section"] == section


@pytest.mark.parametrize("text", NOT_ANSWERED)
def test_nothing_is_found_where_the_policy_does_not_tell(told: dict[str, Any], text: str) -> None:
    assert told["found"][text] == []


def test_at_most_three_sections_come_best_first_and_each_once(told: dict[str, Any]) -> None:
    for sections in told["found"].values():
        numbers = [found["section"] for found in sections]
        scores = [found["score"] for found in sections]
        assert len(numbers) <= 3
        assert len(set(numbers)) == len(numbers)
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_a_row_of_a_section_is_named_beside_its_number(told: dict[str, Any]) -> None:
    first = told["found"]["does the copy of my details arrive as a csv file"][0]
    assert first["entry"] == "12/portability"
    assert "entry" not in told["found"]["tell me, are there cookies on these pages?"][0]


def test_the_stored_index_finds_the_same(told: dict[str, Any]) -> None:
    assert told["again"] == told["found"]


def test_a_message_costs_little_beside_its_vector(told: dict[str, Any]) -> None:
    assert told["milliseconds"] < 10


def test_another_company_only_replaces_the_folder() -> None:
    assert policy.check(BAKERY) == []
    ask = [
        *ASKED_OF_THE_BAKERY,
        "which flour goes into the bread",
        "tell me, are there cookies on these pages?",
    ]
    found = retrieved({"folder": str(BAKERY), "ask": ask})["found"]
    assert {text: found[text][0]["section"] for text in ASKED_OF_THE_BAKERY} == ASKED_OF_THE_BAKERY
    assert found[ask[-2]] == found[ask[-1]] == []
