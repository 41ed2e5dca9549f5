"""Reads a message as a whole and clause by clause."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.classification.text import normalised
from nlu.encoder.session import Encoder
from nlu.requests.clauses import clauses_of
from nlu.requests.interfaces import Part
from nlu.requests.models import Models


def read_parts(text: str, models: Models, encoder: Encoder) -> Sequence[Part]:
    """Read a message clause by clause; a message of one clause has no parts.

    Args:
        text: The message, with placeholders.
        models: What gives the probabilities.
        encoder: What gives the vectors, all clauses in one run.
    """
    clauses = clauses_of(text)
    if len(clauses) < 2:
        return ()
    vectors = encoder.encode_all([normalised(clause.text) for clause in clauses])
    return [
        Part(
            clause,
            models.intents.probabilities(clause.text, vector),
            models.acts.probabilities(clause.text, vector),
        )
        for clause, vector in zip(clauses, vectors, strict=True)
    ]
