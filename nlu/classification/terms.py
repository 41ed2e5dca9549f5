"""Reads the terms of short texts as scikit-learn's `TfidfVectorizer` does, without what each call costs.

The vectoriser builds and checks several sparse matrices, which takes longer than to read a sentence. The
figures are the same: the vocabularies and the rarity of each term are the vectorisers' own. What several
models learned of terms is looked up at once, since to find the terms takes longer than to weigh them.
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
    """The terms of texts that any of several models knows, and what they speak for in each.

    Each term is weighed by how rare it is and how often the text has it.
    """

    def __init__(self, learned: Sequence[tuple[TfidfVectorizer, Matrix]]) -> None:
        """Take what the models learned.

        Args:
            learned: Of each model, a fitted vectoriser with `sublinear_tf`, over words or over `char_wb` and
                otherwise like the others', and what each of its terms speaks for, one row a term.
        """
        like = learned[0][0]
        self._shortest, self._longest = like.ngram_range
        self._token = re.compile(like.token_pattern)
        self._of = self._in_characters if like.analyzer == "char_wb" else self._in_words
        self._in_word = lru_cache(maxsize=REMEMBERED_WORDS)(self._in_word_uncached)
        known = dict.fromkeys(term for vectoriser, _ in learned for term in vectoriser.vocabulary_)
        self._positions = {term: position for position, term in enumerate(known)}
        # A term that a model does not know has no weight there, and so counts for nothing in its texts.
        self._rarity = np.zeros((len(known), len(learned)), dtype=np.float32)
        self._columns = [weights.shape[1] for _, weights in learned]
        self._speaks_for = np.zeros((len(known), sum(self._columns)), dtype=np.float32)
        first = 0
        for number, (vectoriser, weights) in enumerate(learned):
            terms = vectoriser.vocabulary_
            rows = np.fromiter((self._positions[term] for term in terms), np.int64, len(terms))
            theirs = np.fromiter(terms.values(), np.int64, len(terms))
            rarity = vectoriser.idf_.astype(np.float32)[theirs]
            self._rarity[rows, number] = rarity
            self._speaks_for[rows, first : first + weights.shape[1]] = weights[theirs] * rarity[:, None]
            first += weights.shape[1]

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Return what the terms of texts speak for, as if each text's weights had length 1 in every model.

        Args:
            texts: The texts.

        Returns:
            One row for each text, the columns of the models beside each other; zeros where it has no known
            term.
        """
        scores = np.zeros((len(texts), self._speaks_for.shape[1]), dtype=np.float32)
        found = [self._of(text.lower()) for text in texts]
        lengths = [len(positions) for positions in found]
        if not any(lengths):
            return scores
        # One number a term and text, so that all are counted in one go.
        size = len(self._positions)
        offsets = np.repeat(np.arange(len(texts), dtype=np.int64) * size, lengths)
        terms, counts = np.unique(np.concatenate(found) + offsets, return_counts=True)
        rows, starts = np.unique(terms // size, return_index=True)
        chosen = terms % size
        often = np.log(counts.astype(np.float32)) + 1.0
        weights = often[:, None] * self._rarity[chosen]
        lengths_of = np.sqrt(np.add.reduceat(weights * weights, starts))
        lengths_of[lengths_of == 0.0] = 1.0
        for row, scale, start, end in zip(rows, lengths_of, starts, [*starts[1:], len(terms)], strict=True):
            spoken_for = often[start:end] @ self._speaks_for[chosen[start:end]]
            scores[row] = spoken_for / np.repeat(scale, self._columns)
        return scores

    def _in_words(self, text: str) -> Positions:
        tokens = self._token.findall(text)
        terms: list[str] = []
        so_long = tokens
        for length in range(1, self._longest + 1):
            if length > 1:
                so_long = [
                    f"{before} {word}" for before, word in zip(so_long, tokens[length - 1 :], strict=False)
                ]
            if length >= self._shortest:
                terms += so_long
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
        found = map(self._positions.get, terms)
        return np.array([position for position in found if position is not None], dtype=np.int64)
