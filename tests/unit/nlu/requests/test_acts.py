"""The clauses that ask for nothing, and the examples that show how something is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.paths import PROJECT
from nlu.classification.text import normalised
from nlu.requests.acts import ASKS, OTHERS, ActsUnreadable, asking, joined, read_acts


def test_the_projects_own_clauses_are_of_every_act_and_none_of_two() -> None:
    acts = read_acts(PROJECT / "data" / "understanding")
    read_as = {(normalised(clause), act) for clause, act in acts}

    assert {act for _, act in acts} == {ASKS, *OTHERS}
    assert len({clause for clause, _ in read_as}) == len(read_as)


def test_the_projects_own_clauses_stand_in_no_test_set() -> None:
    known = {normalised(clause) for clause, _ in read_acts(PROJECT / "data" / "understanding")}
    tested = {
        normalised(line.split("\t", 2)[2])
        for file in (PROJECT / "tests" / "understanding").rglob("*.tsv")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.count("\t") >= 2
    }
    assert not known & tested


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    (tmp_path / "tells.txt").write_text("# only a note\n\nI moved house\n", encoding="utf-8")
    with pytest.raises(ActsUnreadable, match=r"asks\.txt, refuses\.txt, supposes\.txt"):
        read_acts(tmp_path)


def test_examples_of_one_clause_show_how_something_is_asked_for() -> None:
    texts = ["delete me", "freeze it", "hello", "I left, so delete me", "what do you hold", "erase it all"]
    intents = ["erase", "restrict", "greet", "erase", "access", "erase"]
    assert list(asking(zip(texts, intents, strict=True))) == [texts[position] for position in (0, 1, 4, 5)]


def test_some_clauses_are_shown_beside_others_with_the_same_act() -> None:
    clauses = [(f"request {number}.", "asks") for number in range(30)]
    shown = joined(clauses)

    assert 0 < len(shown) < len(clauses)
    assert {act for _, act in shown} == {"asks"}
    assert all(text not in dict(clauses) and "request" in text for text, _ in shown)
