"""One spelling for what means the same."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.classification.text import lowered, normalised, plain, tidied


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DELETE  my\tdata\n", "delete my data"),
        ("don’t", "don't"),
        ("ｄｅｌｅｔｅ", "delete"),
        ("de\u200blete m\u00ady data\ufeff", "delete my data"),
        ("pleeeeease", "pleease"),
        ("write to EMAIL_3", "write to email"),
        ("u shud no wots wrong", "you should no what's wrong"),
        ("delete delete delete it", "delete it"),
        ("erase it full stop I am cross exclamation mark", "erase it. i am cross!"),
        ("is a full stop missing? yes", "is a full stop missing? yes"),
        ("🛑 the emails 🙏", "stop the emails please"),
        ("🦒", "🦒"),
        ("", ""),
    ],
)
def test_what_the_classifier_reads(text: str, expected: str) -> None:
    assert normalised(text) == expected


def test_plain_keeps_words_and_case() -> None:
    assert plain("  Dear “Sir”,\u200b I am EMAIL_1 ") == 'Dear "Sir", I am EMAIL_1'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<p>Dear all,</p><div>stop&nbsp;the <b>mails</b> &amp; calls</div>",
            "Dear all,\nstop the mails & calls",
        ),
        ("<style>p {color: red}</style>stop", "stop"),
        ("## My wish\n- **no** more _mails_", "My wish\n- no more mails"),
        ("[Unsubscribe](https://example.test/u?x=1) me", "Unsubscribe me"),
        ("еrаsе mу filе", "erase my file"),
        ("ε​rase it", "erase it"),
        ("удалите это", "удалите это"),
        ("érase ït, z̶a̶l̶g̶o̶", "erase it, zalgo"),
        ("I would like you\nto erase it\n\nTom", "I would like you to erase it\nTom"),
        ("I left.Please erase me", "I left. Please erase me"),
        ("read file.csv now", "read file.csv now"),
        ("Do it now.\n\nOn 3 May 2026, Support wrote:\n> we will delete it", "Do it now."),
        ("Yes.\n> shall we delete it?", "Yes."),
        ("> shall we delete it?", "shall we delete it?"),
        ("what?????!!!!!", "what?!"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("EMAIL_1 and my_file", "EMAIL_1 and my_file"),
    ],
)
def test_what_is_left_when_a_text_is_tidied(text: str, expected: str) -> None:
    assert tidied(text) == expected


def test_placeholders_alone_keep_their_capitals() -> None:
    assert lowered("Mail PERSON_1 at EMAIL_12, PLEASE") == "mail PERSON_1 at EMAIL_12, please"


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="aZ3 .,;:-_'!?/()@", max_size=40))
def test_what_needs_no_thorough_tidying_comes_out_the_same_without_it(text: str) -> None:
    invisible = "\u200b"

    assert tidied(text) == tidied(text + invisible)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_tidied_and_tidying_again_changes_nothing_that_is_read(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once or not text.isascii() or any(sign in text for sign in "<>&[]`*_~#|-=")


@pytest.mark.parametrize(
    "page", ["<" * 8000, "<a" * 4000, "&lt;" * 2000, "[x](" * 2000, "*" * 8000, "> \n" * 2500]
)
def test_a_page_of_markup_takes_no_time(page: str) -> None:
    started = time.process_time()
    normalised(page)
    assert time.process_time() - started < 0.5


def test_reading_twice_changes_nothing() -> None:
    text = "ＰＬＥＡＳＥ don’t deleeeeete EMAIL_1"
    assert normalised(normalised(text)) == normalised(text)
