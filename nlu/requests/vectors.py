"""The vector of a whole message; that of a letter is made of the vectors of its clauses.

A letter is read clause by clause anyway. To encode all of it, too, takes as long again, and is only done
where that is needed to tell what it is about (`nlu.requests.reading`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from nlu.classification.text import normalised
from nlu.encoder.once import EncodesAll, Vector
from nlu.requests.clauses import clauses_of
from nlu.requests.letter_examples import is_letter


class Begins(EncodesAll, Protocol):
    """What gives the vectors of texts, and may begin with it before they are needed."""

    def begin(self, texts: Sequence[str]) -> None:
        """Begin to encode texts."""


class Whole:
    """A message, and its vector once somebody needs it."""

    def __init__(self, text: str, encoder: Begins) -> None:
        """Begin to encode a message, and at once its clauses, which the encoder remembers: together they keep
        two processors busy.

        Args:
            text: The message, with placeholders.
            encoder: What gives vectors.
        """
        clauses = clauses_of(text)
        self._encoder = encoder
        self._clauses = [normalised(clause.text) for clause in clauses] if len(clauses) > 1 else []
        self._of_its_clauses = bool(self._clauses) and is_letter(text)
        self._all = self._clauses if self._of_its_clauses else [normalised(text), *self._clauses]
        encoder.begin(self._all)

    @cached_property
    def vector(self) -> Vector:
        """The vector of the whole message; of a letter, that of its clauses together."""
        vectors = self._encoder.encode_all(self._all)
        if self._of_its_clauses:
            return together(self._clauses, vectors)
        whole: Vector = vectors[0]
        return whole


def together(clauses: Sequence[str], vectors: Vector) -> Vector:
    """Return the mean of the clauses of a letter, of length 1; each counts as much as it has words.

    Args:
        clauses: Their texts, as they were encoded.
        vectors: One row a clause.
    """
    words = np.array([max(1, len(clause.split())) for clause in clauses], dtype=np.float32)
    summed = words @ vectors
    whole: Vector = (summed / np.linalg.norm(summed)).astype(np.float32)
    return whole
