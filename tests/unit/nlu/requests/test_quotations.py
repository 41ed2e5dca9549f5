"""What is quoted is told from what is said."""

from __future__ import annotations

import time

import pytest

from nlu.requests.quotations import unquoted


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ('A slide says "erase all of it". How so?', "A slide says this. How so?"),
        ("A slide says \u201cerase all of it\u201d. How so?", "A slide says this. How so?"),
        ("She wrote 'wipe my file' to them, is that enough?", "She wrote this to them, is that enough?"),
        ("She wrote 'don't wipe my file' to them", "She wrote this to them"),
        ('he said "go away now" and "come back then"', "he said this and this"),
    ],
)
def test_a_quotation_is_left_out(text: str, own: str) -> None:
    assert unquoted(text) == own


@pytest.mark.parametrize(
    "text",
    [
        "I don't want it, it's not what I'd asked for",
        "the customers' data and the firm's data",
        'my name is "Robin"',
        '"please delete my data"',
        'hi "please delete my data"',
        'a lone " mark',
        "",
    ],
)
def test_what_is_no_quotation_stays(text: str) -> None:
    assert unquoted(text) == text


@pytest.mark.parametrize("mark", ['"', "'", "\u201c", "'a "])
def test_many_marks_take_no_time(mark: str) -> None:
    started = time.process_time()
    unquoted((mark + "words and more ") * 500)
    assert time.process_time() - started < 0.5
