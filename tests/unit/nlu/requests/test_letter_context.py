"""Clauses of a letter are read alone, and by what networks make of them beside the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nlu.requests import letter_context
from nlu.requests.interfaces import Part
from nlu.requests.letter_context import (
    NOTHING,
    SHARE,
    VECTOR,
    LetterContext,
    flags_of,
    probabilities,
    shapes,
)
from tests.unit.nlu.requests.parts import part

WIDTH = 16
LABELS = [NOTHING, "access", "erase"]


def _weights(seed: int = 1) -> dict[str, letter_context.Matrix]:
    drawn, every = np.random.default_rng(seed), shapes(len(LABELS), WIDTH).items()
    return {name: drawn.standard_normal((2, *shape)).astype(np.float32) for name, shape in every}


def _vectors(places: int) -> letter_context.Matrix:
    drawn = np.random.default_rng(2).standard_normal((places, VECTOR)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def _saying(monkeypatch: pytest.MonkeyPatch, *rows: tuple[float, float, float]) -> LetterContext:
    whole = (1.0, 0.0, 0.0)
    said = np.array([whole, *rows], dtype=np.float32)
    monkeypatch.setattr(letter_context, "probabilities", lambda weights, vectors, flags: said)
    return LetterContext(LABELS, {})


def _clauses(*parts: Part) -> list[Part]:
    return [replace(each, vector=vector) for each, vector in zip(parts, _vectors(len(parts)), strict=True)]


def test_each_place_has_a_share_for_each_label_and_depends_on_the_others() -> None:
    vectors, flags = _vectors(4), flags_of(_clauses(*[part("delete me", "erase")] * 3))

    shares = probabilities(_weights(), vectors, flags)
    other = probabilities(_weights(), vectors[[0, 2, 1, 3]], flags)

    assert shares.shape == (4, 3)
    assert np.allclose(shares.sum(axis=1), 1.0, atol=1e-5)
    assert not np.allclose(shares[3], other[3], atol=1e-4), (
        "the last clause stands beside others in another order"
    )


def test_what_asks_alone_asks_less_where_the_letter_only_tells_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = _saying(monkeypatch, (0.99, 0.0, 0.01), (0.01, 0.0, 0.99))
    clauses = _clauses(part("erase all of it", "erase"), part("erase all of it now", "erase"))

    told, asked = context.read(clauses, _vectors(1)[0])

    assert told.asks_in_a_letter == pytest.approx(0.1, abs=0.01), "the root of one in a hundred"
    assert asked.asks_in_a_letter == pytest.approx(1.0, abs=0.01)
    assert asked.probabilities["erase"] > 0.95
    assert sum(told.probabilities.values()) == pytest.approx(1.0)


def test_what_a_clause_asks_for_goes_by_both_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    context = _saying(monkeypatch, (0.0, 0.9, 0.1))

    (clause,) = context.read(_clauses(part("and the same for that", "erase", sure=0.6)), _vectors(1)[0])

    likely = clause.probabilities
    assert SHARE == 0.5
    assert likely["access"] / likely["erase"] == pytest.approx(
        (0.9 * 0.4 / 0.1 / 0.6 / _others()) ** 0.5, rel=0.01
    )


def _others() -> int:
    return len(part("x", "erase").probabilities) - 1


def test_an_intent_that_the_networks_do_not_know_is_not_ruled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    context = _saying(monkeypatch, (0.98, 0.01, 0.01))

    (clause,) = context.read(_clauses(part("thank you for that", "thank", sure=0.99)), _vectors(1)[0])

    assert max(clause.probabilities, key=lambda intent: clause.probabilities[intent]) in (
        "thank",
        "access",
        "erase",
    )
    assert clause.probabilities["thank"] > 0.01


def test_a_letter_without_clauses_is_none() -> None:
    assert LetterContext(LABELS, _weights()).read([], _vectors(1)[0]) == []
