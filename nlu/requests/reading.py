"""Reads a message as a whole and clause by clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from nlu.classification.text import normalised
from nlu.encoder.session import Encoder, Vector
from nlu.requests.clauses import Clause, clauses_of
from nlu.requests.forms import weighed
from nlu.requests.halving import halved
from nlu.requests.interfaces import Part
from nlu.requests.joining import joined_up
from nlu.requests.letter_context import shared_networks
from nlu.requests.letter_examples import is_letter
from nlu.requests.models import Models


def read(
    text: str, vector: Vector, models: Models, encoder: Encoder
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
        return joined_up(whole, told), told
    return weighed(whole, models.forms.inquiry(text)), parts


def _read_parts(text: str, models: Models, encoder: Encoder) -> Sequence[Part]:
    clauses = clauses_of(text)
    alone = partial(_read_clauses, models=models, encoder=encoder)
    parts = alone(clauses) if len(clauses) > 1 else ()
    return parts if is_letter(text) else halved(clauses, parts, alone)


def _read_clauses(clauses: Sequence[Clause], models: Models, encoder: Encoder) -> Sequence[Part]:
    texts = [normalised(clause.text) for clause in clauses]
    vectors = encoder.encode_all(texts)
    intents = map(weighed, models.intents.probabilities_of(texts, vectors), models.forms.inquiries(texts))
    acts = models.acts.probabilities_of(texts, vectors)
    return [Part(*read) for read in zip(clauses, intents, acts, vectors, strict=True)]
