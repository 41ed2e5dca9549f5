"""Merges what the clauses of a message ask for into its requests, in the order said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlu.requests.interfaces import Part
from nlu.understanding.guards import guard_for
from nlu.understanding.marketing import directed
from nlu.understanding.vocabulary import GRAVE, QUESTIONS, REQUESTS

WORTH_MERGING = REQUESTS | QUESTIONS | {"talk_to_human"}
"""What counts beside another request; a courtesy does not."""

SURE_OF_A_CLAUSE = 0.6
"""The least probability of an intent in a clause that makes a request of its own out of it."""


LONG = 8
"""Clauses from which on a message is a letter, whose clauses mostly tell why."""


@dataclass(frozen=True)
class Asked:
    """One thing asked for: the intent, how sure that is, and the words that ask for it."""

    intent: str
    confidence: float
    text: str


def requests_of(parts: Sequence[Part]) -> list[Asked]:
    """Return what the clauses ask for, each intent once, in the order said."""
    if len(parts) >= LONG:
        return []
    found: dict[str, Asked] = {}
    for part in parts:
        asked = _asked(part)
        if asked and asked.confidence > getattr(found.get(asked.intent), "confidence", 0.0):
            found[asked.intent] = asked if asked.intent not in found else _joined(found[asked.intent], asked)
    if "on_behalf" in found:
        return []
    return list(found.values())


def _asked(part: Part) -> Asked | None:
    if part.clause.is_reason:
        return None
    probabilities: Mapping[str, float] = directed(part.clause.text, part.probabilities)
    intent, confidence = max(probabilities.items(), key=lambda entry: entry[1])
    if intent not in WORTH_MERGING or confidence * part.asks < SURE_OF_A_CLAUSE:
        return None
    if intent in GRAVE and guard_for(intent, part.clause.text) is not None:
        return None
    return Asked(intent, confidence, part.clause.text)


def _joined(first: Asked, second: Asked) -> Asked:
    return Asked(first.intent, max(first.confidence, second.confidence), f"{first.text} {second.text}")
