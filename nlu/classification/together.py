"""Several classifiers that read the same texts, and do once what each would do alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from nlu.classification.terms import Matrix, Terms

if TYPE_CHECKING:
    from nlu.classification.model import IntentModel


class Together:
    """The probabilities of the labels of several models."""

    def __init__(self, models: Sequence[IntentModel]) -> None:
        """Put what they learned side by side.

        Args:
            models: The models.
        """
        self._labels = [model.labels for model in models]
        self._bounds = list(pairwise(accumulate((len(model.labels) for model in models), initial=0)))
        self._words = Terms([model.of_words for model in models])
        self._characters = Terms([model.of_characters for model in models])
        self._of_vectors = np.hstack([model.of_vectors for model in models])
        self._bias = np.concatenate([model.bias for model in models])

    def terms(self, texts: Sequence[str]) -> Matrix:
        """Return what the words and characters of texts speak for, which needs no vectors yet.

        Args:
            texts: The texts, as `normalised` returns them.

        Returns:
            One row a text, for `probabilities`.
        """
        return self._words.scores(texts) + self._characters.scores(texts)

    def probabilities(self, terms: Matrix, vectors: Matrix) -> list[list[dict[str, float]]]:
        """Return the probability of each label, of each model, for each text.

        Args:
            terms: What `terms` returned for the texts.
            vectors: The encoder's vector of each, one row a text.

        Returns:
            For each model in its turn, for each text, the probability of each of its labels, together 1.
        """
        scores = vectors @ self._of_vectors + self._bias + terms
        return [
            [dict(zip(labels, row, strict=True)) for row in _shares(scores[:, first:last]).tolist()]
            for labels, (first, last) in zip(self._labels, self._bounds, strict=True)
        ]


def _shares(scores: Matrix) -> Matrix:
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Matrix = exponentials / exponentials.sum(axis=1, keepdims=True)
    return shares
