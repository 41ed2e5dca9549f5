"""The vector of a whole message; that of a letter is made of the vectors of its clauses.

A letter is read clause by clause anyway. To encode all of it, too, takes as long again, and is only done
where that is needed to tell what it is about (`nlu.requests.reading`).
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
        The vector of the whole message; of a letter, that of its clauses together.
    """
    clauses = clauses_of(text)
    texts = [normalised(clause.text) for clause in clauses] if len(clauses) > 1 else []
    if texts and is_letter(text):
        return together(texts, encoder.encode_all(texts))
    vector: Vector = encoder.encode_all([normalised(text), *texts])[0]
    return vector


def together(clauses: Sequence[str], vectors: Vector) -> Vector:
    """Return the mean of the clauses of a letter, of length 1; each counts as much as it has words.

    Args:
        clauses: Their texts, as they were encoded.
        vectors: One row a clause.
    """
    words = np.array([max(1, len(clause.split())) for clause in clauses], dtype=np.float32)
    summed = words @ vectors
    whole: Vector = (summed / np.linalg.norm(summed)).astype(np.float32)
    return whole
