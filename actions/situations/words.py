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
    text = " ".join(words.translate(_APOSTROPHES).lower().split())
    return tuple(
        name for name, patterns in _patterns().items() if any(pattern.search(text) for pattern in patterns)
    )


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    files = {name: load(folder() / f"{name}.yml", TypeAdapter(SituationFile)) for name in WATCHED}
    return {name: tuple(re.compile(pattern) for pattern in file.patterns) for name, file in files.items()}
