"""Reads a message as a whole and clause by clause."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from nlu.classification.text import normalised
from nlu.encoder.once import EncodesAll, Vector
from nlu.requests.clauses import Clause, clauses_of
from nlu.requests.forms import weighed
from nlu.requests.halving import halved
from nlu.requests.interfaces import Part, Read
from nlu.requests.joining import joined_up
from nlu.requests.letter_context import shared_networks
from nlu.requests.letter_examples import is_letter

if TYPE_CHECKING:  # they need scikit-learn, and reading does not
    from nlu.requests.models import Models

SURE_BY_ITS_CLAUSES = 0.9
"""How likely it must be by the mean of its clauses what a letter asks for, not to encode all of it, too."""

HEARD = 0.5
"""How likely a clause must ask for that, read beside the others. Nearly two letters in three are read so,
with half the work for the encoder, and as many are right as otherwise (decision 33)."""

Meant = tuple[Mapping[str, float], Sequence[Part]]


class BegunReading:
    """A message whose clauses have been read.

    What those of a letter say beside each other another thread still computes: whoever needs only the
    clauses goes on meanwhile.
    """

    def __init__(self, clauses: Sequence[Part], read_further: Callable[[], Meant]) -> None:
        """Hold what is known, and what tells the rest; `begin` is who does.

        Args:
            clauses: As they are read alone, none if the message is one clause.
            read_further: Gives what `meant` is.
        """
        self.clauses = clauses
        self._read_further = read_further

    @cached_property
    def meant(self) -> Meant:
        """The probability of each intent where only one is meant, and the clauses, if there are several."""
        return self._read_further()


def begin(text: str, vector: Callable[[], Vector], models: Models, encoder: EncodesAll) -> BegunReading:
    """Begin to read a message.

    Args:
        text: The message, with placeholders.
        vector: Gives the encoder's vector of it, once it is needed.
        models: What gives the probabilities.
        encoder: What gives the vectors of clauses, all in one run.
    """
    clauses = clauses_of(text)
    readable = normalised(text)
    alone = _texts_of(clauses) if len(clauses) > 1 else []
    of_terms = models.begin([readable, *alone])
    vectors = _together(vector(), alone, encoder)
    if not is_letter(text):
        whole, *each = of_terms(vectors)
        parts = halved(
            clauses, list(map(_part, clauses, each)), partial(_read_clauses, models=models, encoder=encoder)
        )
        meant = weighed(whole.intents, whole.inquires), parts
        return BegunReading(parts, lambda: meant)
    context = shared_networks() if alone else None
    beside = context.begin(clauses, vectors) if context else _as_they_are
    whole, *each = of_terms(vectors)
    # A letter is ordered in some of its clauses, whatever form the others have.
    parts = [
        replace(_part(clause, read), asks_in_a_letter=read.asks)
        for clause, read in zip(clauses, each, strict=False)  # of a single clause, nothing is read alone
    ]

    def read_further() -> Meant:
        informed = beside(parts)
        intents = whole.intents
        if not _is_told_by_its_clauses(intents, informed):
            (of_its_own,) = models.begin([readable])(encoder.encode_all([readable]))
            intents = of_its_own.intents
        return joined_up(intents, informed), informed

    return BegunReading(parts, read_further)


def _as_they_are(parts: Sequence[Part]) -> list[Part]:
    return list(parts)


def _together(vector: Vector, alone: Sequence[str], encoder: EncodesAll) -> Vector:
    """The vector of the whole, and of each clause."""
    return np.vstack([vector, encoder.encode_all(alone)]) if alone else vector.reshape(1, -1)


def _is_told_by_its_clauses(whole: Mapping[str, float], parts: Sequence[Part]) -> bool:
    likeliest, sure = max(whole.items(), key=lambda entry: entry[1])
    return sure >= SURE_BY_ITS_CLAUSES and any(
        part.in_context >= HEARD and part.surest[0] == likeliest for part in parts
    )


def _read_clauses(clauses: Sequence[Clause], models: Models, encoder: EncodesAll) -> list[Part]:
    texts = _texts_of(clauses)
    return list(map(_part, clauses, models.begin(texts)(encoder.encode_all(texts))))


def _texts_of(clauses: Sequence[Clause]) -> list[str]:
    return [normalised(clause.text) for clause in clauses]


def _part(clause: Clause, read: Read) -> Part:
    return Part(clause, weighed(read.intents, read.inquires), read.acts, read.vector)
