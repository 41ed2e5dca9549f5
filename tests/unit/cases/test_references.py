"""References survive the telephone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.cases import references


def test_fresh_references_have_the_form_and_alphabet_and_do_not_repeat() -> None:
    fresh = {references.fresh() for _ in range(2000)}
    assert len(fresh) == 2000
    assert all(
        re.fullmatch(r"PR-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference) for reference in fresh
    )


def test_every_letter_of_the_alphabet_is_drawn() -> None:
    drawn = set("".join(references.fresh()[3:] for _ in range(2000))) - {"-"}
    assert drawn == set(references.ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "PR-7F30-9Q1M",
        "pr-7f30-9q1m",
        "  pr 7f30 9q1m ",
        "PR7F309Q1M",
        "7f30-9q1m",
        "PR-7F3O-9QIM",
        "pr-7f3o-9qlm",
        "PR–7F30—9Q1M",
        "ＰＲ-７Ｆ３０-９Ｑ１Ｍ",
        "pr_7f30_9q1m.",
    ],
)
def test_a_reference_is_known_however_it_is_spelt(typed: str) -> None:
    assert references.normalised(typed) == "PR-7F30-9Q1M"


@pytest.mark.parametrize(
    "typed", ["", "PR", "PR-7F30", "PR-7F30-9Q1U", "PR-7F30-9Q1M-2", "hello there you", "ÄÄÄÄÄÄÄÄ"]
)
def test_what_is_no_reference_is_not_taken_for_one(typed: str) -> None:
    assert references.normalised(typed) is None


@given(
    st.text(alphabet=references.ALPHABET, min_size=8, max_size=8),
    st.sampled_from(["", " ", "-", ". "]),
    st.booleans(),
)
def test_spelling_never_changes_which_reference_is_meant(letters: str, gap: str, lower: bool) -> None:
    typed = f"PR{gap}{letters[:4]}{gap}{letters[4:]}"
    typed = typed.lower() if lower else typed
    assert references.normalised(typed) == f"PR-{letters[:4]}-{letters[4:]}"


@given(st.text(max_size=40))
def test_any_text_is_either_a_well_formed_reference_or_none(text: str) -> None:
    found = references.normalised(text)
    assert found is None or re.fullmatch(r"PR-[0-9A-Z]{4}-[0-9A-Z]{4}", found)
    assert found is None or references.normalised(found) == found
