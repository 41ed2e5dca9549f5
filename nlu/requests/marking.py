"""Which clauses of a text ask, by the passages of it that somebody marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.requests.clauses import clauses_of

MOSTLY = 0.5
"""How much of a clause must stand in a marked passage, or the other way round, for it to be one that asks."""

_WORD = re.compile(r"\w+")
_TOGETHER = 3


def marked_clauses(text: str, passages: Sequence[str]) -> list[tuple[str, bool]]:
    """Return a text's clauses, each with whether it asks: stands in a passage that does, or holds one.

    Args:
        text: The text, without marks.
        passages: Those of it that were marked.
    """
    return [
        (clause.text, any(stands_together(clause.text, passage) for passage in passages))
        for clause in clauses_of(text)
    ]


def stands_together(clause: str, passage: str) -> bool:
    """Whether most of a clause stands in a marked passage, or most of that in the clause."""
    return _stands_in(clause, passage) or _stands_in(passage, clause)


def _stands_in(text: str, other: str) -> bool:
    """Whether most of a text is part of another, by its words in their order, a few together."""
    words, length = _WORD.findall(text.lower()), min(len(_WORD.findall(text)), _TOGETHER)
    groups = _groups(words, length)
    there = set(_groups(_WORD.findall(other.lower()), length))
    return bool(groups) and sum(group in there for group in groups) >= MOSTLY * len(groups)


def _groups(words: list[str], length: int) -> list[str]:
    return (
        [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]
        if length
        else []
    )
