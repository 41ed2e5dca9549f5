"""Mistyped words are put right, and words that are right are left alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.spelling.speller import Speller

COUNTS = {
    "please": 90,
    "delete": 80,
    "deletion": 20,
    "data": 200,
    "personal": 40,
    "remove": 60,
    "my": 300,
    "me": 300,
    "everything": 30,
    "about": 80,
    "unsubscribe": 40,
    "newsletter": 50,
    "receive": 20,
    "copy": 60,
    "want": 90,
    "the": 200,
    "gdpr": 30,
    "tracker": 10,
    "delte": 4,
}
DICTIONARY = {*COUNTS, "carpenter", "form", "from", "date", "track", "personnel", "post"} - {"delte", "gdpr"}


@pytest.fixture(scope="module")
def speller() -> Speller:
    """A speller of a few words."""
    return Speller(COUNTS, DICTIONARY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("plaese delte my personl data", "please delete my personal data"),
        ("unsubsribe me form the newslettre", "unsubscribe me form the newsletter"),
        ("deletemydata", "delete my data"),
        ("un subscribe me", "unsubscribe me"),
        ("d e l e t e me", "delete me"),
        ("r.e.m.o.v.e my data", "remove my data"),
        ("d3lete my d4ta", "delete my data"),
        ("d*lete everything", "delete everything"),
        ("de-lete everything", "delete everything"),
        ("pleasee", "please"),
        ("recieve", "receive"),
    ],
)
def test_what_was_meant(speller: Speller, typed: str, meant: str) -> None:
    assert speller.put_right(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "post the carpenter a date",
        "trackers tracked",
        "gdpr",
        "the copies",
        "xyzzy qwrtpsdf",
        "can't",
        "a b",
        "version 2",
        "personnel",
    ],
)
def test_what_is_right_or_beyond_help_is_left_alone(speller: Speller, text: str) -> None:
    assert speller.put_right(text) == text


def test_a_message_keeps_its_lines_and_placeholders(speller: Speller) -> None:
    assert speller.read("PLAESE\n\ndelte EMAIL_1  u no") == "please\ndelete EMAIL_1 you no"


def test_it_is_the_same_after_it_was_stored(speller: Speller, tmp_path: Path) -> None:
    speller.save(tmp_path)
    assert Speller.load(tmp_path, DICTIONARY).put_right("plaese") == "please"


def test_words_of_examples_that_are_mistakes_are_nothing_to_aim_at() -> None:
    speller = Speller.of(["please delete it"] * 20 + ["please delte it"] * 4, {"please", "delete", "it"})
    assert speller.put_right("delte") == "delete"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(speller: Speller, text: str) -> None:
    read = speller.read(text)
    assert len(read) < 20 * len(text) + 20


@pytest.mark.parametrize(
    "page", ["qzxjkvwp " * 890, "a" * 8000, "d.e.l." * 1300, "*-" * 4000, "de lete " * 1000]
)
def test_a_page_of_gibberish_takes_no_time(speller: Speller, page: str) -> None:
    started = time.process_time()
    speller.read(page)
    assert time.process_time() - started < 0.5
