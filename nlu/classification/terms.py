"""Reads the terms of short texts as scikit-learn's `TfidfVectorizer` does, without what each call costs.

The vectoriser builds and checks several sparse matrices, which takes longer than to read a sentence. The
figures are the same: the vocabulary and the rarity of each term are the vectoriser's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

Matrix = npt.NDArray[np.float32]
Positions = npt.NDArray[np.int64]

_NONE: Positions = np.zeros(0, dtype=np.int64)

REMEMBERED_WORDS = 16_384
"""Words whose character n-grams are kept."""

REMEMBERED_UP_TO = 30
"""Characters of the longest word that is kept, lest gibberish fill the memory."""


class Terms:
    """The known terms of texts, each weighed by how rare it is and how often the text has it."""

    def __init__(self, vectoriser: TfidfVectorizer) -> None:
        """Take what a vectoriser learned.

        Args:
            vectoriser: A fitted one with `sublinear_tf`, over words or over `char_wb`.
        """
        self._positions: dict[str, int] = vectoriser.vocabulary_
        self._rarity = vectoriser.idf_.astype(np.float32)
        self._shortest, self._longest = vectoriser.ngram_range
        self._token = re.compile(vectoriser.token_pattern)
        self._of = self._in_characters if vectoriser.analyzer == "char_wb" else self._in_words
        self._in_word = lru_cache(maxsize=REMEMBERED_WORDS)(self._in_word_uncached)

    def scores(self, texts: Sequence[str], weights: Matrix) -> Matrix:
        """Return the product of the texts' term weights, each text's of length 1, with a matrix.

        Args:
            texts: The texts.
            weights: One row for each term of the vocabulary.

        Returns:
            One row for each text; zeros where it has no known term.
        """
        scores = np.zeros((len(texts), weights.shape[1]), dtype=np.float32)
        found = [self._of(text.lower()) for text in texts]
        lengths = [len(positions) for positions in found]
        if not any(lengths):
            return scores
        # One number a term and text, so that all are counted in one go.
        size = len(self._rarity)
        offsets = np.repeat(np.arange(len(texts), dtype=np.int64) * size, lengths)
        terms, counts = np.unique(np.concatenate(found) + offsets, return_counts=True)
        rows, starts = np.unique(terms // size, return_index=True)
        chosen = terms % size
        values = (np.log(counts.astype(np.float32)) + 1.0) * self._rarity[chosen]
        scales = np.sqrt(np.add.reduceat(values * values, starts))
        sums = np.add.reduceat(weights[chosen] * values[:, None], starts)
        scores[rows] = sums / scales[:, None]
        return scores

    def _in_words(self, text: str) -> Positions:
        tokens = self._token.findall(text)
        terms: list[str] = []
        for length in range(self._shortest, self._longest + 1):
            if length == 1:
                terms.extend(tokens)
            else:
                terms.extend(map(" ".join, zip(*(tokens[start:] for start in range(length)), strict=False)))
        return self._known(terms)

    def _in_characters(self, text: str) -> Positions:
        found = [
            (self._in_word if len(word) <= REMEMBERED_UP_TO else self._in_word_uncached)(word)
            for word in text.split()
        ]
        return np.concatenate(found) if found else _NONE

    def _in_word_uncached(self, word: str) -> Positions:
        padded = f" {word} "
        terms: list[str] = []
        for length in range(self._shortest, self._longest + 1):
            terms.extend(padded[start : start + length] for start in range(max(1, len(padded) - length + 1)))
            if len(padded) <= length:
                break  # a word that is no longer counts once
        return self._known(terms)

    def _known(self, terms: Iterable[str]) -> Positions:
        positions = self._positions
        return np.array([positions[term] for term in terms if term in positions], dtype=np.int64)
