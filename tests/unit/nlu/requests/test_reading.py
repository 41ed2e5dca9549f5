"""A letter is encoded as a whole only where its clauses together do not tell what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nlu.classification.text import normalised
from nlu.encoder.once import Vector
from nlu.requests import reading
from nlu.requests.acts import ASKS, TELLS
from nlu.requests.clauses import Clause, clauses_of
from nlu.requests.interfaces import Part, Read
from nlu.requests.letter_examples import is_letter

LETTER = (
    "I bought a licence from you in the spring of last year and was content with it for some months. "
    "Then the calls began, two or three of them every week, always at supper time and from another person. "
    "Please erase the whole of my record, and send me a line when that has been done. "
    "My wife says that I should have written to you long ago."
)
WHOLE = np.full(4, 0.5, dtype=np.float32)
OF_ITS_CLAUSES = np.array([1.0, 0.0, 0.0, 0.0], dtype=np.float32)


class Encoder:
    """Gives every text the same vector, and remembers which it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode_all(self, texts: Sequence[str]) -> Vector:
        self.given.extend(texts)
        return np.stack([WHOLE for _ in texts])


def models(by_clauses: Mapping[str, float], by_the_whole: Mapping[str, float]) -> Any:
    """Models that read a message as something by its clauses' vector, and as something by its own."""

    def begin(texts: Sequence[str]) -> Callable[[Vector], list[Read]]:
        return lambda vectors: read(texts, vectors)

    def read(texts: Sequence[str], vectors: Vector) -> list[Read]:
        whole = [normalised(LETTER), "erase me"]
        acts = {ASKS: 0.5, TELLS: 0.5}
        of_the_whole = [
            by_clauses if np.array_equal(each, OF_ITS_CLAUSES) else by_the_whole for each in vectors
        ]
        return [
            Read(vector, read_as if text in whole else {"erase": 0.5, "access": 0.5}, acts, 0.5, 0.0)
            for text, vector, read_as in zip(texts, vectors, of_the_whole, strict=True)
        ]

    return SimpleNamespace(begin=begin)


def hearing(monkeypatch: pytest.MonkeyPatch, intent: str, sure: float) -> None:
    """Let the last clause of a letter ask for something, read beside the others."""

    def begin(clauses: Sequence[Clause], vectors: Vector) -> Callable[[Sequence[Part]], list[Part]]:
        assert np.array_equal(vectors[0], OF_ITS_CLAUSES)
        assert len(vectors) == 1 + len(clauses)
        return informed

    def informed(parts: Sequence[Part]) -> list[Part]:
        last = replace(parts[-1], probabilities={intent: 0.9}, in_context=sure)
        return [*parts[:-1], last]

    monkeypatch.setattr(reading, "shared_networks", lambda: SimpleNamespace(begin=begin))


def is_encoded_whole(by_clauses: Mapping[str, float]) -> bool:
    """Whether a letter that its clauses make something likely for is encoded as a whole, too."""
    encoder = Encoder()
    given = models(by_clauses, {"erase": 0.001, "access": 0.999})

    begun = reading.begin(LETTER, lambda: OF_ITS_CLAUSES, given, encoder)

    assert [part.in_context for part in begun.clauses] == [0.0] * len(clauses_of(LETTER)), "read alone"
    whole, parts = begun.meant
    assert len(parts) == len(clauses_of(LETTER))
    encoded = normalised(LETTER) in encoder.given
    assert (whole["access"] > whole["erase"]) is encoded, "what it is read as goes by what was encoded"
    return encoded


@pytest.mark.parametrize(
    ("heard", "sure", "by_clauses", "whole"),
    [
        ("erase", 0.8, {"erase": 0.95, "access": 0.05}, False),
        ("erase", 0.8, {"erase": 0.85, "access": 0.15}, True),
        ("erase", 0.4, {"erase": 0.95, "access": 0.05}, True),
        ("restrict", 0.8, {"erase": 0.95, "access": 0.05}, True),
    ],
    ids=["sure and heard", "not sure", "hardly heard", "something else is heard"],
)
def test_a_letter_is_encoded_whole_where_its_clauses_leave_doubt(
    monkeypatch: pytest.MonkeyPatch, heard: str, sure: float, by_clauses: Mapping[str, float], whole: bool
) -> None:
    hearing(monkeypatch, heard, sure)

    assert is_encoded_whole(by_clauses) is whole


def test_without_networks_every_letter_is_encoded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "shared_networks", lambda: None)

    assert is_encoded_whole({"erase": 0.95, "access": 0.05})


def test_a_short_message_is_read_by_its_own_vector_alone() -> None:
    encoder = Encoder()
    given = models({"erase": 0.95, "access": 0.05}, {"erase": 0.05, "access": 0.95})

    begun = reading.begin("erase me", lambda: WHOLE, given, encoder)
    whole, parts = begun.meant

    assert whole["access"] > whole["erase"]
    assert not parts
    assert not begun.clauses
    assert encoder.given == []


def test_who_needs_the_clauses_alone_does_not_wait_for_what_they_say_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[int] = []

    def begin(clauses: Sequence[Clause], _vectors: Vector) -> Callable[[Sequence[Part]], list[Part]]:
        def informed(parts: Sequence[Part]) -> list[Part]:
            waited.append(len(clauses))
            return list(parts)

        return informed

    monkeypatch.setattr(reading, "shared_networks", lambda: SimpleNamespace(begin=begin))
    likely = {"erase": 0.95, "access": 0.05}
    begun = reading.begin(LETTER, lambda: OF_ITS_CLAUSES, models(likely, likely), Encoder())
    assert [part.clause for part in begun.clauses] == list(clauses_of(LETTER))
    assert waited == []
    assert begun.meant is begun.meant
    assert waited == [len(clauses_of(LETTER))], "once"


def test_of_a_letter_of_a_single_clause_nothing_is_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "shared_networks", lambda: pytest.fail("there is nothing beside"))
    letter = "please erase me " + "and everything else that you have about me " * 12
    assert is_letter(letter)
    assert len(clauses_of(letter)) == 1
    likely = {"erase": 0.95, "access": 0.05}
    begun = reading.begin(letter, lambda: WHOLE, models(likely, likely), Encoder())
    assert list(begun.clauses) == []
    assert list(begun.meant[1]) == []
