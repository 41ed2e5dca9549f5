"""What stands beside a request and asks for nothing, learned from the examples of one request each.

An example of two clauses is known to ask for one thing. The clause that speaks for it asks; another that
speaks for something else is told, or refused: "I'm happy with the newsletter, but stop logging my clicks".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nlu.classification.text import normalised
from nlu.encoder.once import EncodesAll
from nlu.requests import words
from nlu.requests.acts import ASKS, REFUSES, TELLS
from nlu.requests.asked import WORTH_MERGING
from nlu.requests.clauses import Clause, clauses_of

if TYPE_CHECKING:  # scikit-learn is only where models are fitted
    from nlu.classification.model import IntentModel

SPEAKS_FOR_IT = 0.6
"""How likely a clause must be for the intent of its example, to be the one that asks."""

SPEAKS_FOR_ANOTHER = 0.1
"""Below this it does not speak for it at all."""

SURELY_AN_ORDER = 0.5
"""From here on, an order or a question is one for its intent, whatever the example asks for besides."""

SURE_WHATEVER_BESIDE = 0.9
"""From here on, any clause that rules nothing out is: it may have been a second request."""

TOLD_OF_OTHERS = frozenset({"on_behalf", "customers_customer", "complaint", "ask_rights", "ask_policy"})
"""Intents whose examples hold whole requests that somebody else makes, or that are only asked about."""


def clauses_beside(
    texts: Sequence[str], intents: Sequence[str], model: IntentModel, encoder: EncodesAll
) -> list[tuple[str, str]]:
    """Return the clauses of examples whose act is told by what the whole example asks for, each with it.

    Args:
        texts: The examples.
        intents: The intent of each.
        model: Gives the probability of each intent for a clause.
        encoder: What encodes them.
    """
    found = list(_clauses(texts, intents))
    readable = read_beside(texts, intents)
    read = model.probabilities_of(readable, encoder.encode_all(readable))
    acts = [
        _act(clause, text, intent, probabilities)
        for text, (clause, intent), probabilities in zip(readable, found, read, strict=True)
    ]
    return [(text, act) for text, act in zip(readable, acts, strict=True) if act is not None]


def read_beside(texts: Sequence[str], intents: Sequence[str]) -> list[str]:
    """Return the clauses that `clauses_beside` reads, as they are encoded."""
    return [normalised(clause.text) for clause, _ in _clauses(texts, intents)]


def _clauses(texts: Sequence[str], intents: Sequence[str]) -> Iterator[tuple[Clause, str]]:
    for text, intent in zip(texts, intents, strict=True):
        if intent not in WORTH_MERGING or intent in TOLD_OF_OTHERS:
            continue
        clauses = clauses_of(text)
        if len(clauses) > 1:
            yield from ((clause, intent) for clause in clauses)


def _act(clause: Clause, text: str, intent: str, read: dict[str, float]) -> str | None:
    likeliest = max(read, key=lambda name: read[name])
    if likeliest == intent and read[intent] >= SPEAKS_FOR_IT:
        return ASKS
    if read[intent] >= SPEAKS_FOR_ANOTHER or likeliest not in WORTH_MERGING or words.ANAPHORA.match(text):
        return None
    sure = read[likeliest]
    if sure >= SURELY_AN_ORDER and (clause.asks or words.ORDER.search(text)):
        return None
    if words.RULED_OUT.search(text):
        return REFUSES
    return None if sure >= SURE_WHATEVER_BESIDE else TELLS
