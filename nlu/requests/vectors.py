"""The vector of a whole message; that of a letter is made of the vectors of its clauses.

A letter is read clause by clause anyway. To encode all of it once more would take as long again and tell
hardly more, and of a long one the encoder reads no more than 256 tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlu.classification.text import normalised
from nlu.encoder.once import EncodesAll, Vector
from nlu.requests.clauses import clauses_of
from nlu.requests.letter_examples import is_letter


def encoded(text: str, encoder: EncodesAll) -> Vector:
    """Encode a message, and at once its clauses, which the encoder remembers: together they keep two
    processors busy.

    Args:
        text: The message, with placeholders.
        encoder: What gives vectors.

    Returns:
        The vector of the whole message.
    """
    clauses = _clauses(text)
    if is_letter(text) and clauses:
        return _of_clauses(clauses, encoder.encode_all(clauses))
    vector: Vector = encoder.encode_all([normalised(text), *clauses])[0]
    return vector


def all_encoded(texts: Sequence[str], encoder: EncodesAll) -> Vector:
    """Encode many messages, letters among them, without the clauses of the others.

    Args:
        texts: The messages, with placeholders.
        encoder: What gives vectors.

    Returns:
        One row a message, in the given order.
    """
    pieces = [(is_letter(text) and _clauses(text)) or [normalised(text)] for text in texts]
    vectors = encoder.encode_all([piece for each in pieces for piece in each])
    ends = np.cumsum([len(each) for each in pieces])
    rows = [_of_clauses(each, vectors[end - len(each) : end]) for each, end in zip(pieces, ends, strict=True)]
    return np.stack(rows) if rows else vectors


def _clauses(text: str) -> list[str]:
    clauses = clauses_of(text)
    return [normalised(clause.text) for clause in clauses] if len(clauses) > 1 else []


def _of_clauses(clauses: Sequence[str], vectors: Vector) -> Vector:
    """The mean of the clauses, of length 1; each counts as much as it has words."""
    if len(clauses) == 1:
        alone: Vector = vectors[0]
        return alone
    words = np.array([max(1, len(clause.split())) for clause in clauses], dtype=np.float32)
    summed = words @ vectors
    whole: Vector = (summed / np.linalg.norm(summed)).astype(np.float32)
    return whole
