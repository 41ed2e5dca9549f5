"""Clauses of a letter are read alone, and by what networks make of them beside the others."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.requests.interfaces import Part
from nlu.requests.letter_context import NOTHING, SHARE, LetterContext, Matrix
from tests.unit.nlu.requests.parts import part

LABELS = [NOTHING, "access", "erase"]


def _vectors(places: int) -> Matrix:
    drawn = np.random.default_rng(2).standard_normal((places, 384)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def _saying(*rows: tuple[float, float, float]) -> LetterContext:
    said = np.array([(1.0, 0.0, 0.0), *rows], dtype=np.float32)

    def networks(vectors: Matrix, flags: Matrix) -> Matrix:
        assert len(vectors) == len(flags) == len(said), "the whole, and each clause"
        return said

    return LetterContext(LABELS, networks)


def _read(context: LetterContext, *parts: Part) -> list[Part]:
    return context.begin([each.clause for each in parts], _vectors(1 + len(parts)))(parts)


def test_what_asks_alone_asks_less_where_the_letter_only_tells_of_it() -> None:
    context = _saying((0.99, 0.0, 0.01), (0.01, 0.0, 0.99))

    told, asked = _read(context, part("erase all of it", "erase"), part("erase all of it now", "erase"))

    assert told.asks_in_a_letter == pytest.approx(0.1, abs=0.01), "the root of one in a hundred"
    assert asked.asks_in_a_letter == pytest.approx(1.0, abs=0.01)
    assert asked.probabilities["erase"] > 0.95
    assert sum(told.probabilities.values()) == pytest.approx(1.0)


def test_what_a_clause_asks_for_goes_by_both_readings() -> None:
    context = _saying((0.0, 0.9, 0.1))

    (clause,) = _read(context, part("and the same for that", "erase", sure=0.6))

    likely = clause.probabilities
    assert SHARE == 0.5
    assert likely["access"] / likely["erase"] == pytest.approx(
        (0.9 * 0.4 / 0.1 / 0.6 / _others()) ** 0.5, rel=0.01
    )


def _others() -> int:
    return len(part("x", "erase").probabilities) - 1


def test_an_intent_that_the_networks_do_not_know_is_not_ruled_out() -> None:
    context = _saying((0.98, 0.01, 0.01))

    (clause,) = _read(context, part("thank you for that", "thank", sure=0.99))

    assert max(clause.probabilities, key=lambda intent: clause.probabilities[intent]) in (
        "thank",
        "access",
        "erase",
    )
    assert clause.probabilities["thank"] > 0.01


def test_a_letter_without_clauses_is_none() -> None:
    assert _read(_saying()) == []
