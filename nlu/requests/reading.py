"""Reads a message as a whole and clause by clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from nlu.classification.text import normalised
from nlu.encoder.once import EncodesAll, Vector
from nlu.requests.clauses import Clause, clauses_of
from nlu.requests.forms import weighed
from nlu.requests.halving import halved
from nlu.requests.interfaces import Part
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


def read(
    text: str, vector: Vector, models: Models, encoder: EncodesAll
) -> tuple[Mapping[str, float], Sequence[Part]]:
    """Read a message.

    Args:
        text: The message, with placeholders.
        vector: The encoder's vector of it.
        models: What gives the probabilities.
        encoder: What gives the vectors of clauses, all in one run.

    Returns:
        The probability of each intent where only one is meant, and the clauses, none if it is one clause.
    """
    whole = models.intents.probabilities(normalised(text), vector)
    parts = _read_parts(text, models, encoder)
    if is_letter(text):
        # A letter is ordered in some of its clauses, whatever form the others have.
        asking = models.letters.asking(parts)
        told = [replace(part, asks_in_a_letter=asks) for part, asks in zip(parts, asking, strict=True)]
        context = shared_networks()
        told = context.read(told, vector) if context else told
        if not _is_told_by_its_clauses(whole, told):
            readable = normalised(text)
            whole = models.intents.probabilities(readable, encoder.encode_all([readable])[0])
        return joined_up(whole, told), told
    return weighed(whole, models.forms.inquiry(text)), parts


def _is_told_by_its_clauses(whole: Mapping[str, float], parts: Sequence[Part]) -> bool:
    likeliest, sure = max(whole.items(), key=lambda entry: entry[1])
    return sure >= SURE_BY_ITS_CLAUSES and any(
        part.in_context >= HEARD and part.surest[0] == likeliest for part in parts
    )


def _read_parts(text: str, models: Models, encoder: EncodesAll) -> Sequence[Part]:
    clauses = clauses_of(text)
    alone = partial(_read_clauses, models=models, encoder=encoder)
    parts = alone(clauses) if len(clauses) > 1 else ()
    return parts if is_letter(text) else halved(clauses, parts, alone)


def _read_clauses(clauses: Sequence[Clause], models: Models, encoder: EncodesAll) -> Sequence[Part]:
    texts = [normalised(clause.text) for clause in clauses]
    vectors = encoder.encode_all(texts)
    intents = map(weighed, models.intents.probabilities_of(texts, vectors), models.forms.inquiries(texts))
    acts = models.acts.probabilities_of(texts, vectors)
    return [Part(*read) for read in zip(clauses, intents, acts, vectors, strict=True)]
