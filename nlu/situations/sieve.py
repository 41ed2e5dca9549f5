"""Which texts a pattern need not be tried on: those that lack a piece of text that every match holds.

Seventy patterns tried at each place of a letter took 1.1 ms, and nearly always in vain. What every match
must hold is read off the pattern itself, so whoever writes patterns need not know of it.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

# Python's own reader of patterns: `sre_parse` until 3.10, which is the engine's.
_parser = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

Pieces = frozenset[str]
"""Alternatives, one of which is in every match."""


class Sieve:
    """A pattern, and what a text must hold for it to be tried."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        """Read off a pattern what its matches hold.

        Args:
            pattern: one that heeds case; of any other nothing can be said, so that it is always tried.
        """
        self.pattern = pattern
        needed = (
            () if pattern.flags & re.IGNORECASE else _needed(_parser.parse(pattern.pattern, pattern.flags))
        )
        # The longest first: it is missing most often.
        self.needed: tuple[Pieces, ...] = tuple(
            sorted(set(needed), key=lambda pieces: (-min(map(len, pieces)), len(pieces), sorted(pieces)))
        )

    def lets_through(self, text: str) -> bool:
        """Return whether the pattern may match somewhere in a text."""
        for pieces in self.needed:
            for piece in pieces:
                if piece in text:
                    break
            else:
                return False
        return True

    def finds(self, text: str) -> bool:
        """Return whether the pattern does."""
        return self.lets_through(text) and self.pattern.search(text) is not None


def _needed(parsed: Iterable[tuple[Any, Any]]) -> Sequence[Pieces]:
    """What each match of a sequence of nodes holds: one piece of every set."""
    found: list[Pieces] = []
    literal = ""
    for kind, value in parsed:
        name = str(kind)
        if name == "LITERAL":
            literal += chr(value)
            continue
        if literal:
            found.append(frozenset([literal]))
            literal = ""
        if name == "SUBPATTERN":
            _group, added, _removed, inside = value
            if not added & re.IGNORECASE:
                found.extend(_needed(inside))
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
            found.extend(_needed(value[2]))
        elif name == "BRANCH":
            branches = [_most_telling(_needed(branch)) for branch in value[1]]
            if all(branches):
                found.append(frozenset().union(*branches))
    if literal:
        found.append(frozenset([literal]))
    return found


def _most_telling(found: Sequence[Pieces]) -> Pieces:
    """The set whose pieces are longest, or an empty one where nothing is known."""
    return max(found, key=lambda pieces: (min(map(len, pieces)), -len(pieces)), default=frozenset())
