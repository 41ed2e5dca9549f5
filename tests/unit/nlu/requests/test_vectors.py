"""The vector of a whole message, and of a letter, which is made of its clauses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nlu.encoder.once import Vector
from nlu.requests.clauses import clauses_of
from nlu.requests.vectors import Whole

SHORT = "please stop the newsletter and send me my file"
LETTER = (
    "I bought a licence from you in the spring of last year and was content with it for some months. "
    "Then the calls began, two or three of them every week, always at supper time and from another person. "
    "Please erase the whole of my record, and send me a line when that has been done. "
    "My wife says that I should have written to you long ago."
)
ONE_CLAUSE = "word " * 60


class Drawing:
    """Gives each text a vector of its own, and remembers what it was given, and what it could begin with."""

    def __init__(self) -> None:
        self.runs: list[list[str]] = []
        self.begun: list[list[str]] = []

    def begin(self, texts: Sequence[str]) -> None:
        self.begun.append(list(texts))

    def encode_all(self, texts: Sequence[str]) -> Vector:
        self.runs.append(list(texts))
        rows = [np.random.default_rng(list(text.encode())).standard_normal(8) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32).reshape(-1, 8)


def test_a_short_message_is_encoded_whole_beside_its_clauses_in_one_run() -> None:
    encoder = Drawing()

    whole = Whole(SHORT, encoder)
    assert encoder.runs == [], "nobody needs it yet"
    vector = whole.vector

    assert len(encoder.runs) == 1
    assert encoder.runs[0][0] == SHORT
    assert len(encoder.runs[0]) == 3
    assert encoder.begun == encoder.runs
    assert whole.vector is vector, "it is made once"
    assert vector == pytest.approx(encoder.encode_all([SHORT])[0])


def test_a_letter_is_the_mean_of_its_clauses_which_count_by_their_words() -> None:
    encoder = Drawing()

    vector = Whole(LETTER, encoder).vector

    (clauses,) = encoder.runs
    assert encoder.begun == [clauses]
    assert len(clauses) == len(clauses_of(LETTER)) > 3
    assert all(len(clause) < len(LETTER) / 2 for clause in clauses)
    summed = sum(len(clause.split()) * encoder.encode_all([clause])[0] for clause in clauses)
    assert vector == pytest.approx(summed / np.linalg.norm(summed), abs=1e-6)
    assert np.linalg.norm(vector) == pytest.approx(1.0)


def test_a_letter_of_one_clause_is_encoded_whole() -> None:
    encoder = Drawing()

    assert Whole(ONE_CLAUSE, encoder).vector.shape == (8,)

    assert [len(run) for run in encoder.runs] == [1]
