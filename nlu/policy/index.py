"""Finds the sections of the policy that answer a message.

A kernel ridge regression over every known question. Nearness of meaning is a Gaussian kernel over the
encoder's unit vectors; beside it stand linear kernels over words and over character n-grams, which tell apart
what means almost the same ("which algorithm", "is it encrypted") and bear typing errors. Its outputs estimate
how likely each section is asked about. It is fitted in closed form within seconds, and the same matrix gives
what it would have answered to each question without having seen it: these answers draw the line between what
the policy tells and what it does not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.classification.terms import Terms
from nlu.classification.text import normalised
from nlu.placeholders.patterns import is_bare_value
from nlu.policy.reading import NOT_TOLD, section_of

ELSEWHERE = "elsewhere"
"""The label of what asks nothing of the policy: greetings, the product."""

SECTIONS_AT_MOST = 3
READ_AT_MOST = 1000
"""Characters of a message whose words count; the encoder reads about as far."""

_NEARNESS = 3.0
_WORDS = 0.2
_CHARACTERS = 0.2
_RIDGE = 0.1
_MISSED_WEIGHS = 4.0
"""To deny that the policy tells something is worse than to answer with a section close by."""
_A_WORD = r"(?u)\b\w[\w']*\b"

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """A section that may answer a message, and how well, from 0 to 1."""

    key: str
    score: float

    def as_dict(self) -> dict[str, Any]:
        """Return the form that the contract prints, with the row as `entry` where a section has rows."""
        found = {"section": section_of(self.key), "score": round(self.score, 4)}
        return found if self.key == found["section"] else {**found, "entry": self.key}


class PolicyIndex:
    """Everything known about what people ask of the policy.

    It is stored as plain arrays and JSON, so that loading it runs no code.
    """

    def __init__(
        self,
        labels: list[str],
        vectors: Matrix,
        weights: Matrix,
        lexical: Sequence[tuple[TfidfVectorizer, Matrix]],
        threshold: float,
    ) -> None:
        """Put a fitted index together; see `fit` and `load`.

        Args:
            labels: The keys of the answers, `NOT_TOLD` and `ELSEWHERE`.
            vectors: The encoder's vector of each known question.
            weights: What each of them speaks for, by label.
            lexical: For words and for characters, the features and what each of them speaks for.
            threshold: By how much a section must be likelier than that the policy does not tell.
        """
        self.labels = labels
        self.threshold = threshold
        self._vectors = vectors
        self._weights = weights
        self._lexical = tuple(lexical)
        self._terms = [Terms([learned]) for learned in self._lexical]
        self._told = [index for index, label in enumerate(labels) if label not in (NOT_TOLD, ELSEWHERE)]
        self._untold = [index for index, label in enumerate(labels) if label in (NOT_TOLD, ELSEWHERE)]

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], vectors: Matrix) -> PolicyIndex:
        """Learn from questions.

        Args:
            texts: The questions.
            labels: The key of the answer to each, `NOT_TOLD` or `ELSEWHERE`.
            vectors: The encoder's vector of each, one row a question.
        """
        readable = [_readable(text) for text in texts]
        kinds = sorted(set(labels))
        wanted = (np.asarray(labels)[:, None] == np.asarray(kinds)[None, :]).astype(np.float64)
        kernel = _near(vectors, vectors).astype(np.float64)
        features = []
        for vectoriser, share in _vectorisers():
            matrix = vectoriser.fit_transform(readable)
            kernel += share * (matrix @ matrix.T).toarray()
            features.append((vectoriser, matrix, share))
        kernel[np.diag_indices_from(kernel)] += _RIDGE
        inverse = np.linalg.inv(kernel)
        weights = inverse @ wanted
        lexical = [
            (vectoriser, np.asarray(share * (matrix.T @ weights), dtype=np.float32))
            for vectoriser, matrix, share in features
        ]
        index = cls(kinds, vectors.astype(np.float32), weights.astype(np.float32), lexical, 0.0)
        unseen = wanted - weights / np.diag(inverse)[:, None]
        index.threshold = index._calibrated(unseen, labels)
        return index

    def search(self, text: str) -> Callable[[Matrix], list[Found]]:
        """Begin to find what answers a message: by its words at once, by its meaning when there is a vector.

        Args:
            text: The message, with placeholders.

        Returns:
            What gives up to three sections for the encoder's vector of it, best first, each once; nothing
            where the policy does not tell.
        """
        if not self._told or is_bare_value(text):
            return lambda _vector: []
        readable = [_readable(text)]
        by_words = sum(terms.scores(readable)[0].astype(np.float64) for terms in self._terms)
        return lambda vector: self._found(_near(self._vectors, vector) @ self._weights + by_words)

    def _found(self, outputs: npt.NDArray[np.float64]) -> list[Found]:
        if self._margins(outputs[None, :])[0] <= self.threshold:
            return []
        best: dict[str, Found] = {}
        for position in sorted(self._told, key=outputs.__getitem__, reverse=True):
            found = Found(self.labels[position], min(1.0, float(outputs[position])))
            if found.score <= 0.0 or len(best) == SECTIONS_AT_MOST:
                break
            best.setdefault(section_of(found.key), found)
        return list(best.values())

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        terms = [
            [str(term) for term in vectoriser.get_feature_names_out()] for vectoriser, _ in self._lexical
        ]
        described = {"labels": self.labels, "threshold": self.threshold, "terms": terms}
        (folder / "policy.json").write_text(json.dumps(described), encoding="utf-8")
        arrays = {"vectors": self._vectors, "weights": self._weights}
        for position, (vectoriser, speaks_for) in enumerate(self._lexical):
            arrays[f"rarity_{position}"] = vectoriser.idf_
            arrays[f"lexical_{position}"] = speaks_for
        np.savez(folder / "policy.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> PolicyIndex:
        """Read an index from the folder that `save` wrote."""
        described = json.loads((folder / "policy.json").read_text(encoding="utf-8"))
        with np.load(folder / "policy.npz", allow_pickle=False) as arrays:
            lexical = []
            for position, (vectoriser, _) in enumerate(_vectorisers(described["terms"])):
                vectoriser.idf_ = arrays[f"rarity_{position}"]
                lexical.append((vectoriser, arrays[f"lexical_{position}"]))
            return cls(
                described["labels"], arrays["vectors"], arrays["weights"], lexical, described["threshold"]
            )

    def _margins(self, outputs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        untold = outputs[:, self._untold].max(axis=1, initial=0.0)
        margins: npt.NDArray[np.float64] = outputs[:, self._told].max(axis=1, initial=0.0) - untold
        return margins

    def _calibrated(self, unseen: npt.NDArray[np.float64], labels: Sequence[str]) -> float:
        # Where the two mistakes balance, as shares of their kinds.
        margins = self._margins(unseen)
        untold = np.asarray([label == NOT_TOLD for label in labels])
        told = np.asarray([label not in (NOT_TOLD, ELSEWHERE) for label in labels])
        if not untold.any() or not told.any():
            return 0.0
        candidates = np.unique(margins[told | untold])
        answered_wrongly = np.array([(margins[untold] > candidate).mean() for candidate in candidates])
        missed = np.array([(margins[told] <= candidate).mean() for candidate in candidates])
        return float(candidates[np.argmin(np.abs(answered_wrongly - _MISSED_WEIGHS * missed))])


def _readable(text: str) -> str:
    return normalised(text[:READ_AT_MOST])


def _near(vectors: Matrix, others: Matrix) -> Matrix:
    nearness: Matrix = np.exp(_NEARNESS * (vectors @ others.T - 1.0))
    return nearness


def _vectorisers(terms: Sequence[list[str] | None] = (None, None)) -> list[tuple[TfidfVectorizer, float]]:
    shared: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32}
    words, characters = terms
    return [
        (
            TfidfVectorizer(
                ngram_range=(1, 2),
                token_pattern=_A_WORD,
                vocabulary=words,
                min_df=1 if words else 2,
                **shared,
            ),
            _WORDS,
        ),
        (
            TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(3, 4),
                vocabulary=characters,
                min_df=1 if characters else 2,
                **shared,
            ),
            _CHARACTERS,
        ),
    ]
