"""A linear classifier over the encoder's vector and the text's word and character n-grams."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.classification.text import normalised

ITERATIONS = 60
"""More of them, or rarer n-grams, take minutes and gained nothing on held-out examples."""

_A_WORD = r"(?u)\b\w[\w']*\b"

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """How much each kind of feature counts, and how strongly the classifier is held back."""

    words: float = 1.0
    characters: float = 1.0
    inverse_regularisation: float = 40.0


class IntentModel:
    """Gives every intent a probability.

    It is stored as plain arrays and JSON, so that loading it runs no code.
    """

    def __init__(
        self,
        words: TfidfVectorizer,
        characters: TfidfVectorizer,
        labels: list[str],
        coefficients: Matrix,
        bias: Matrix,
    ) -> None:
        """Put a trained model together; see `fit` and `load`."""
        self._words = words
        self._characters = characters
        self.labels = labels
        self._coefficients = coefficients
        self._bias = bias
        self._weights = Weights()

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], vectors: Matrix) -> IntentModel:
        """Train on examples.

        Args:
            texts: The examples.
            labels: The intent of each.
            vectors: The encoder's vector of each, one row an example.
        """
        readable = [normalised(text) for text in texts]
        words, characters = _word_vectoriser(), _character_vectoriser()
        words.fit(readable)
        characters.fit(readable)
        empty = np.zeros((0, 0), dtype=np.float32)
        model = cls(words, characters, sorted(set(labels)), empty, empty)
        regression = LogisticRegression(
            C=model._weights.inverse_regularisation, max_iter=ITERATIONS, class_weight="balanced", tol=1e-3
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            regression.fit(model._features(readable, vectors), list(labels))
        model.labels = [str(label) for label in regression.classes_]
        model._coefficients = np.ascontiguousarray(regression.coef_.T, dtype=np.float32)
        model._bias = regression.intercept_.astype(np.float32)
        return model

    def probabilities(self, text: str, vector: Matrix) -> dict[str, float]:
        """Return the probability of each intent; they add up to 1."""
        features = self._features([normalised(text)], vector.reshape(1, -1))
        scores = np.asarray(features @ self._coefficients)[0] + self._bias
        exponentials = np.exp(scores - scores.max())
        return dict(zip(self.labels, (exponentials / exponentials.sum()).tolist(), strict=True))

    def save(self, folder: Path, name: str) -> None:
        """Write the model into a folder, in files that begin with a name."""
        vocabulary = {
            "labels": self.labels,
            "words": _terms(self._words),
            "characters": _terms(self._characters),
        }
        (folder / f"{name}.json").write_text(json.dumps(vocabulary), encoding="utf-8")
        np.savez(
            folder / f"{name}.npz",
            coefficients=self._coefficients,
            bias=self._bias,
            words=self._words.idf_,
            characters=self._characters.idf_,
        )

    @classmethod
    def load(cls, folder: Path, name: str) -> IntentModel:
        """Read a model from the files that `save` wrote."""
        vocabulary = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            return cls(
                _restored(_word_vectoriser(vocabulary["words"]), arrays["words"]),
                _restored(_character_vectoriser(vocabulary["characters"]), arrays["characters"]),
                list(vocabulary["labels"]),
                arrays["coefficients"],
                arrays["bias"],
            )

    def _features(self, readable: Sequence[str], vectors: Matrix) -> Any:
        return sparse.hstack(
            [
                sparse.csr_matrix(vectors),
                self._words.transform(readable) * self._weights.words,
                self._characters.transform(readable) * self._weights.characters,
            ],
            format="csr",
        )


def _word_vectoriser(terms: list[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, 2),
        token_pattern=_A_WORD,
        min_df=3 if terms is None else 1,
        sublinear_tf=True,
        vocabulary=terms,
        dtype=np.float32,
    )


def _character_vectoriser(terms: list[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 4),
        min_df=4 if terms is None else 1,
        sublinear_tf=True,
        vocabulary=terms,
        dtype=np.float32,
    )


def _terms(vectoriser: TfidfVectorizer) -> list[str]:
    return [str(term) for term in vectoriser.get_feature_names_out()]


def _restored(vectoriser: TfidfVectorizer, idf: Matrix) -> TfidfVectorizer:
    vectoriser.idf_ = idf
    return vectoriser
