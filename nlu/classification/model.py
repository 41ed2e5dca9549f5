"""A linear classifier over the encoder's vector and the text's word and character n-grams."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.classification import regression
from nlu.classification.terms import Terms

ITERATIONS = 60
"""More of them, or rarer n-grams, take minutes and gained nothing on held-out examples."""

INVERSE_REGULARISATION = 40.0
"""How freely weights may grow."""

_A_WORD = r"(?u)\b\w[\w']*\b"

Matrix = npt.NDArray[np.float32]


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
        self._terms = (Terms(words), Terms(characters))

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], vectors: Matrix) -> IntentModel:
        """Train on examples.

        Args:
            texts: The examples, as `normalised` returns them.
            labels: The intent of each.
            vectors: The encoder's vector of each, one row an example.
        """
        words, characters = _word_vectoriser(), _character_vectoriser()
        fitted = regression.fit(
            vectors,
            sparse.hstack([words.fit_transform(texts), characters.fit_transform(texts)], format="csr"),
            labels,
            inverse_regularisation=INVERSE_REGULARISATION,
            iterations=ITERATIONS,
        )
        return cls(words, characters, fitted.labels, fitted.coefficients, fitted.bias)

    def probabilities(self, text: str, vector: Matrix) -> dict[str, float]:
        """Return the probability of each label for one text, as `normalised` returns it; they add up to 1."""
        return self.probabilities_of([text], vector.reshape(1, -1))[0]

    def probabilities_of(self, texts: Sequence[str], vectors: Matrix) -> list[dict[str, float]]:
        """Return the same for many texts at once, which costs little more than for one.

        Args:
            texts: The texts, as `normalised` returns them.
            vectors: The encoder's vector of each, one row a text.
        """
        width, terms = vectors.shape[1], len(self._words.vocabulary_)
        scores = vectors @ self._coefficients[:width] + self._bias
        in_words, in_characters = self._terms
        scores += in_words.scores(texts, self._coefficients[width : width + terms])
        scores += in_characters.scores(texts, self._coefficients[width + terms :])
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = exponentials / exponentials.sum(axis=1, keepdims=True)
        return [dict(zip(self.labels, row, strict=True)) for row in shares.tolist()]

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
