"""What a letter asks for, by its whole and by its clauses."""

from __future__ import annotations

import pytest

from nlu.requests.clauses import Clause
from nlu.requests.interfaces import Part
from nlu.requests.joining import joined_up


def part(asks: float, **probabilities: float) -> Part:
    return Part(Clause("…", 0), probabilities, {}, asks_in_a_letter=asks)


def likeliest(whole: dict[str, float], *parts: Part) -> str:
    found = joined_up(whole, parts)
    assert sum(found.values()) == pytest.approx(1.0)
    return max(found, key=lambda name: found[name])


def test_a_clause_that_asks_outweighs_what_the_whole_seems_to_be_about() -> None:
    whole = {"erase": 0.6, "source": 0.4}
    assert (
        likeliest(whole, part(0.05, erase=0.95, source=0.05), part(0.95, erase=0.02, source=0.98)) == "source"
    )


def test_a_clause_that_only_tells_does_not() -> None:
    whole = {"erase": 0.4, "source": 0.6}
    assert likeliest(whole, part(0.02, erase=0.95, source=0.05), part(0.1, erase=0.4, source=0.6)) == "source"


def test_of_two_clauses_that_ask_the_last_counts_more() -> None:
    whole = {"erase": 0.5, "restrict": 0.5}
    first, last = part(0.9, erase=0.9, restrict=0.1), part(0.9, erase=0.1, restrict=0.9)
    assert likeliest(whole, first, part(0.0, erase=0.5, restrict=0.5), last) == "restrict"
    assert likeliest(whole, last, part(0.0, erase=0.5, restrict=0.5), first) == "erase"


def test_without_clauses_the_whole_decides() -> None:
    assert joined_up({"erase": 0.7, "access": 0.3}, ()) == {"erase": 0.7, "access": 0.3}
