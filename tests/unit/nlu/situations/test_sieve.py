"""What a pattern's matches hold is read off the pattern: no text that it matches is kept from it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.situations.reading import read_situations, readable
from nlu.situations.sieve import Sieve
from tests.support.components import PROJECT

PATTERNS = [
    pattern
    for situation in read_situations(PROJECT / "data" / "situations")
    for pattern in situation.patterns
]


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("grant of probate", [{"grant of probate"}]),
        (r"\b(?:is|was) stalking me\b", [{" stalking me"}, {"is", "was"}]),
        (r"my (?:late|dead)? ?(?:husband|wife)", [{"my "}, {"husband", "wife"}]),
        (r"(?:pay )+up", [{"pay "}, {"up"}]),
        (r"(?:a|bee|\w+)", []),
        (r"(?!no)(?<!not )yes(?=terday)", [{"yes"}]),
        (r"(?i:loud) quiet", [{" quiet"}]),
    ],
)
def test_what_every_match_holds(pattern: str, needed: list[set[str]]) -> None:
    found = Sieve(re.compile(pattern)).needed
    assert sorted(map(sorted, found)) == sorted(map(sorted, needed))


def test_nothing_is_known_of_a_pattern_that_does_not_heed_case() -> None:
    loud = Sieve(re.compile("help", re.IGNORECASE))
    assert loud.needed == ()
    assert loud.finds("HELP")


@given(st.data())
def test_whatever_a_pattern_matches_reaches_it(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(pattern))
    assert Sieve(pattern).finds(text)


def test_the_measured_messages_show_the_same_with_and_without() -> None:
    sieves = [Sieve(pattern) for pattern in PATTERNS]
    kept_from = tried = 0
    for path in sorted((PROJECT / "tests" / "understanding" / "development").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[::7]:
            text = readable(line.rpartition("\t")[2])
            for sieve in sieves:
                assert sieve.finds(text) == (sieve.pattern.search(text) is not None)
                tried += 1
                kept_from += not sieve.lets_through(text)
    assert kept_from > 0.9 * tried > 0, "hardly a pattern is tried on an ordinary message"
