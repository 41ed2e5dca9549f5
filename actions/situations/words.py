"""Finds what touches somebody's safety in words that the engine never sees: a whole reply to a question."""

from __future__ import annotations

import re
from functools import lru_cache

from pydantic import TypeAdapter

from actions.situations.facts import folder, load
from actions.situations.interfaces import SituationFile

WATCHED = ("danger", "domestic", "child", "threat")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})


def in_reply(words: str) -> tuple[str, ...]:
    """The situations that a reply shows by its form, the gravest first.

    Args:
        words: as the contact wrote them.
    """
    text = _plain(words)
    return tuple(name for name in WATCHED if any(pattern.search(text) for pattern in _patterns(name)))


def by_form(name: str, words: str) -> bool:
    """Whether words show a situation by their form, and not only by their sound.

    Args:
        name: the situation.
        words: as the contact wrote them; placeholders do no harm.
    """
    text = _plain(words)
    return any(pattern.search(text) for pattern in _patterns(name))


def _plain(words: str) -> str:
    return " ".join(words.translate(_APOSTROPHES).lower().split())


@lru_cache(maxsize=64)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    file = load(folder() / f"{name}.yml", TypeAdapter(SituationFile))
    return tuple(re.compile(pattern) for pattern in file.patterns)
