"""Clauses for tests, read as what somebody decides."""

from __future__ import annotations

from nlu.requests.acts import ASKS, TELLS
from nlu.requests.clauses import Clause
from nlu.requests.interfaces import Part
from nlu.understanding.vocabulary import CONTRACT


def part(
    text: str, intent: str, *, sentence: int = 0, asks: float = 0.95, sure: float = 0.95, act: str = TELLS
) -> Part:
    """A clause that is read as an intent."""
    others = CONTRACT - {intent}
    probabilities = {intent: sure} | dict.fromkeys(others, (1 - sure) / len(others))
    return Part(Clause(text, sentence, so_far=text), probabilities, {ASKS: asks, act: 1 - asks})
