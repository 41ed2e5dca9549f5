"""A linear classifier over the encoder's vector and the text's word and character n-grams."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.classification import regression
from nlu.classification.together import Together

ITERATIONS = 60
"""More of them, or rarer n-grams, take minutes and gained nothing on held-out examples."""

INVERSE_REGULARISATION = 40.0
"""How freely weights may grow."""

_A_WORD = r"(?u)\b\w[\w']*\b"

Matrix = npt.NDArray[np.float32]


class IntentModel:
    """Gives every intent a probability.

    It is stored as plain arrays and JSON, so that loading it runs no code.

    Attributes:
        labels: The intents.
        bias: What speaks for each beforehand.
        of_vectors: What each number of a vector speaks for.
        of_words: The words and pairs of words, and what each of them speaks for.
        of_characters: The same of character n-grams.
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
        self.labels = labels
        self.bias = bias
        self._coefficients = coefficients
        counted = [len(words.vocabulary_), len(characters.vocabulary_)]
        first = len(coefficients) - sum(counted)
        vectors, of_words, of_characters = np.split(coefficients, [first, first + counted[0]])
        self.of_vectors: Matrix = vectors
        self.of_words = (words, of_words)
        self.of_characters = (characters, of_characters)

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

    @cached_property
    def _alone(self) -> Together:
        return Together([self])

    def probabilities_of(self, texts: Sequence[str], vectors: Matrix) -> list[dict[str, float]]:
        """Return the probability of each label for each text; they add up to 1.

        Args:
            texts: The texts, as `normalised` returns them.
            vectors: The encoder's vector of each, one row a text.
        """
        return self._alone.probabilities(self._alone.terms(texts), vectors)[0]

    def save(self, folder: Path, name: str) -> None:
        """Write the model into a folder, in files that begin with a name."""
        vocabulary = {
            "labels": self.labels,
            "words": _terms(self.of_words[0]),
            "characters": _terms(self.of_characters[0]),
        }
        (folder / f"{name}.json").write_text(json.dumps(vocabulary), encoding="utf-8")
        np.savez(
            folder / f"{name}.npz",
            coefficients=self._coefficients,
            bias=self.bias,
            words=self.of_words[0].idf_,
            characters=self.of_characters[0].idf_,
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
