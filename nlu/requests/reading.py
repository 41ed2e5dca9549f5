"""Reads a message as a whole and clause by clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlu.classification.text import normalised
from nlu.encoder.session import Encoder, Vector
from nlu.requests.clauses import clauses_of
from nlu.requests.forms import weighed
from nlu.requests.interfaces import Part
from nlu.requests.merging import is_letter
from nlu.requests.models import Models


def read_whole(text: str, vector: Vector, models: Models) -> Mapping[str, float]:
    """Return the probability of each intent where a message is read as one.

    Args:
        text: The message, with placeholders.
        vector: The encoder's vector of it.
        models: What gives the probabilities.
    """
    probabilities = models.intents.probabilities(text, vector)
    # A letter is ordered in some of its clauses, whatever form the others have.
    return probabilities if is_letter(text) else weighed(probabilities, models.forms.inquiry(text))


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
    texts = [normalised(clause.text) for clause in clauses]
    vectors = encoder.encode_all(texts)
    intents = map(weighed, models.intents.probabilities_of(texts, vectors), models.forms.inquiries(texts))
    acts = models.acts.probabilities_of(texts, vectors)
    return [Part(*read) for read in zip(clauses, intents, acts, vectors, strict=True)]
