"""Which situations a message shows: one logistic regression each, over the encoder's vector and its words.

Beside them stand the patterns of `data/situations`, for what has a form. A message may show several
situations, and nearly every message shows none: so the ordinary messages of the whole corpus are learnt from.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize

from nlu.situations.reading import Situation, matched, readable
from nlu.situations.sieve import Sieve

SURE_ENOUGH = 0.48
"""The least probability at which a situation is taken as shown."""

SURE_ENOUGH_IF_SAFETY = 0.33
"""The same where somebody's safety may depend on it, and a mistake costs one kind sentence."""

SURE_ENOUGH_IN_A_LETTER = 0.7
"""The same for one of many clauses, where the chance of a mistake grows with their number."""

SAFETY = frozenset({"danger"})

_VECTOR_COUNTS = 3.0
_WORDS_COUNT = 3.0
_SEEN_AT_LEAST = 2
_JOINED_COUNTS = 0.5
"""An example joined to an ordinary message: situations mostly come with a request."""
_HELD_BACK = 5e-5
_ITERATIONS = 80
_A_LETTER_HAS_MORE_THAN = 5
_CLAUSE_HAS_AT_LEAST = 4
"""Words; shorter ones ("for myself") say too little alone, and the patterns read the message whole."""
_RARELY = -4.0
_WORD = re.compile(r"[\w']+")

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[Any]


@dataclass(frozen=True)
class Example:
    """One text to learn from, with its vector, the situations it shows, and how much it counts."""

    text: str
    vector: Vector
    shows: tuple[str, ...] = ()
    counts: float = 1.0


class SituationModel:
    """Finds the situations of messages.

    It is stored as plain arrays and JSON, so that loading it runs no code.
    """

    def __init__(
        self,
        names: Sequence[str],
        patterns: Sequence[tuple[str, Sequence[re.Pattern[str]]]],
        terms: dict[str, int],
        rarity: Vector,
        weights: Vector,
        bias: Vector,
    ) -> None:
        """Put a fitted model together; see `fit` and `load`.

        Args:
            names: The situations, in the order of the weights' columns.
            patterns: The patterns of each.
            terms: The position of each word or pair of words.
            rarity: How much each of these counts in a text.
            weights: What the vector's numbers, then the terms, speak for.
            bias: What speaks for each situation beforehand.
        """
        self.names = list(names)
        self._patterns = [(name, [Sieve(pattern) for pattern in known]) for name, known in patterns]
        self._terms = terms
        self._rarity = rarity
        self._weights = weights
        self._bias = bias
        self._thresholds = np.array(
            [SURE_ENOUGH_IF_SAFETY if name in SAFETY else SURE_ENOUGH for name in self.names],
            dtype=np.float32,
        )

    @classmethod
    def fit(cls, situations: Sequence[Situation], examples: Sequence[Example]) -> SituationModel:
        """Learn from texts.

        Args:
            situations: What `read_situations` gave.
            examples: Texts with the situations they show; most of them show none.
        """
        names = [situation.name for situation in situations]
        learnt = [*examples, *_joined(examples)]
        read = [readable(example.text) for example in learnt]
        counts = Counter(term for text in read for term in _terms_of(text))
        terms = {
            term: index
            for index, term in enumerate(sorted(t for t, n in counts.items() if n >= _SEEN_AT_LEAST))
        }
        rarity = np.array([math.log(len(learnt) / counts[term]) + 1.0 for term in terms], dtype=np.float32)
        model = cls(names, [(s.name, s.patterns) for s in situations], terms, rarity, _NOTHING, _NOTHING)
        shown = np.array([[name in each.shows for name in names] for each in learnt], dtype=np.float32)
        counts_for = np.array([example.counts for example in learnt], dtype=np.float32)[:, None]
        vectors = np.stack([example.vector for example in learnt]) * _VECTOR_COUNTS
        words = model._words(read)
        model._weights, model._bias = _regression(vectors, words, shown, np.repeat(counts_for, len(names), 1))
        return model

    def shown(
        self,
        text: str,
        vector: Vector,
        clauses: Sequence[tuple[str, Vector]] = (),
        *,
        as_written: str = "",
    ) -> list[str]:
        """Return the names of the situations that a message shows, as a whole or in one of its clauses.

        Args:
            text: The message, with placeholders, spelt as it was meant.
            vector: The encoder's vector of it.
            clauses: Its clauses, where it has several, each with its vector.
            as_written: The message before its spelling was corrected, where that was done.
        """
        read = readable(text)
        certain = set(matched(read, self._patterns))
        spelt = readable(as_written) if as_written else read
        if spelt != read:
            certain.update(matched(spelt, self._patterns))
        telling = [each for each in clauses if len(_WORD.findall(each[0])) >= _CLAUSE_HAS_AT_LEAST]
        texts = [read, *(readable(clause) for clause, _ in telling)]
        probabilities = self._probabilities(texts, np.stack([vector, *(one for _, one in telling)]))
        likely = probabilities[0] >= self._thresholds
        least = self._thresholds
        if len(clauses) > _A_LETTER_HAS_MORE_THAN:
            least = np.maximum(least, SURE_ENOUGH_IN_A_LETTER)
        likely |= (probabilities[1:] >= least).any(axis=0)
        return [name for index, name in enumerate(self.names) if name in certain or likely[index]]

    def probabilities(self, text: str, vector: Vector) -> dict[str, float]:
        """Return how likely each situation is by the regression alone, whatever the patterns say."""
        probabilities = self._probabilities([readable(text)], vector[None, :])[0]
        return dict(zip(self.names, probabilities.tolist(), strict=True))

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""
        described = {
            "names": self.names,
            "patterns": [[name, [each.pattern.pattern for each in known]] for name, known in self._patterns],
            "terms": list(self._terms),
        }
        (folder / "situations.json").write_text(json.dumps(described), encoding="utf-8")
        np.savez(folder / "situations.npz", rarity=self._rarity, weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> SituationModel:
        """Read a model from the folder that `save` wrote."""
        described = json.loads((folder / "situations.json").read_text(encoding="utf-8"))
        with np.load(folder / "situations.npz", allow_pickle=False) as arrays:
            return cls(
                described["names"],
                [(name, [re.compile(pattern) for pattern in known]) for name, known in described["patterns"]],
                {term: index for index, term in enumerate(described["terms"])},
                arrays["rarity"],
                arrays["weights"],
                arrays["bias"],
            )

    def _probabilities(self, read: Sequence[str], vectors: Vector) -> Vector:
        width = vectors.shape[1]
        scores = (vectors * _VECTOR_COUNTS) @ self._weights[:width] + self._bias
        for row, text in enumerate(read):
            positions = self._positions(text)
            scores[row] += self._counts(positions) @ self._weights[width:][positions]
        found: Vector = 1.0 / (1.0 + np.exp(-scores))
        return found

    def _positions(self, read: str) -> list[int]:
        # In order, lest the sums, and so the model, depend on how Python happens to order a set.
        return sorted(self._terms[term] for term in _terms_of(read) if term in self._terms)

    def _counts(self, positions: Sequence[int]) -> Vector:
        """How much each of a text's terms counts."""
        rarity = self._rarity[list(positions)]
        counts: Vector = rarity * (_WORDS_COUNT / (np.linalg.norm(rarity) or 1.0))
        return counts

    def _words(self, texts: Sequence[str]) -> sparse.csr_matrix:
        found = [self._positions(text) for text in texts]
        values = np.concatenate([self._counts(positions) for positions in found])
        ends = np.cumsum([0, *map(len, found)])
        columns = np.array([position for positions in found for position in positions], dtype=np.int64)
        return sparse.csr_matrix((values, columns, ends), (len(texts), len(self._terms)), dtype=np.float32)


_NOTHING: Vector = np.zeros(0, dtype=np.float32)


def _terms_of(read: str) -> set[str]:
    words = ["<", *_WORD.findall(read), ">"]
    return {*words[1:-1], *(f"{first} {second}" for first, second in pairwise(words))}


def _joined(examples: Sequence[Example]) -> Iterable[Example]:
    """Each example of a situation once more, before or after an ordinary message."""
    ordinary = [example for example in examples if not example.shows]
    chance = random.Random(20261126)  # noqa: S311 - the same model from the same data
    for example in examples:
        if example.shows and ordinary:
            other = chance.choice(ordinary)
            first, second = (example, other) if chance.random() < 0.5 else (other, example)
            vector = example.vector + other.vector
            yield Example(
                f"{first.text}. {second.text}",
                vector / np.linalg.norm(vector),
                example.shows,
                example.counts * _JOINED_COUNTS,
            )


def _regression(
    vectors: Matrix, words: sparse.csr_matrix, shown: Matrix, weighs: Matrix
) -> tuple[Vector, Vector]:
    """Fit all the regressions at once: the weights, one column a situation, and what stands beforehand."""
    count, width = vectors.shape
    features, situations = width + words.shape[1], shown.shape[1]
    transposed = words.T.tocsr()

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(features + 1, situations).astype(np.float32)
        scores = vectors @ weights[:width] + words @ weights[width:features] + weights[features]
        wrong = weighs * (1.0 / (1.0 + np.exp(-scores)) - shown)
        gradient = np.vstack([vectors.T @ wrong, transposed @ wrong, wrong.sum(0)[None, :]])
        gradient[:features] += _HELD_BACK * count * weights[:features]
        value = float((weighs * (np.logaddexp(0.0, scores) - shown * scores)).sum())
        value += 0.5 * _HELD_BACK * count * float((weights[:features] ** 2).sum())
        return value, gradient.ravel().astype(np.float64)

    start = np.zeros((features + 1, situations))
    start[features] = _RARELY
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
    fitted = found.x.reshape(features + 1, situations).astype(np.float32)
    return fitted[:features], fitted[features]
