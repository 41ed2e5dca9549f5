"""What the notices know and say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from actions.wording.interfaces import Strict
from actions.wording.services import load


class NoticeWords(Strict):
    """`data/notices.yml`: where details come from, in the words of the notice."""

    sources: dict[str, str]
    unknown: str


@lru_cache(maxsize=1)
def words() -> NoticeWords:
    """The words, read once."""
    return load("notices.yml", NoticeWords)


def sources() -> Mapping[str, str]:
    """Where details may come from, by the key that an import names."""
    return words().sources


def source_in_words(source: str | None) -> str:
    """Where somebody's details came from, for the middle of a sentence: "We got them …"."""
    return words().sources.get(source or "", words().unknown)
