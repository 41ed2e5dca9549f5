"""One spelling for what means the same."""

from __future__ import annotations

import pytest

from nlu.classification.text import normalised, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DELETE  my\tdata\n", "delete my data"),
        ("don’t", "don't"),
        ("ｄｅｌｅｔｅ", "delete"),
        ("de\u200blete m\u00ady data\ufeff", "delete my data"),
        ("pleeeeease", "pleease"),
        ("write to EMAIL_3", "write to email"),
        ("", ""),
    ],
)
def test_what_the_classifier_reads(text: str, expected: str) -> None:
    assert normalised(text) == expected


def test_plain_keeps_words_and_case() -> None:
    assert plain("  Dear “Sir”,\u200b I am EMAIL_1 ") == 'Dear "Sir", I am EMAIL_1'


def test_reading_twice_changes_nothing() -> None:
    text = "ＰＬＥＡＳＥ don’t deleeeeete EMAIL_1"
    assert normalised(normalised(text)) == normalised(text)
