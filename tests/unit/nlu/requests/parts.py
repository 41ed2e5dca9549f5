"""Clauses for tests, read as what somebody decides."""

from __future__ import annotations

from nlu.requests.acts import ASKS, TELLS
from nlu.requests.clauses import Clause
from nlu.requests.interfaces import Part
from nlu.requests.merging import merge
from nlu.understanding.vocabulary import CONTRACT

FILLER = (
    "The rest of this letter tells at some length how all of it came about and why that matters to me now. "
    * 3
)


def part(
    text: str, intent: str, *, sentence: int = 0, asks: float = 0.95, sure: float = 0.95, act: str = TELLS
) -> Part:
    """A clause that is read as an intent."""
    others = CONTRACT - {intent}
    probabilities = {intent: sure} | dict.fromkeys(others, (1 - sure) / len(others))
    return Part(Clause(text, sentence, so_far=text), probabilities, {ASKS: asks, act: 1 - asks})


def told(text: str, intent: str, *, sentence: int = 0) -> Part:
    """A clause that asks for nothing."""
    return part(text, intent, sentence=sentence, asks=0.02)


def requests_of(parts: list[Part], whole: dict[str, float]) -> set[str]:
    """What a letter of these clauses asks for."""
    text = f"{'. '.join(part.clause.text for part in parts)}. {FILLER}"
    return {asked.intent for asked in merge(text, whole, parts).asked}
