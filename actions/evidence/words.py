"""The words in which evidence is told: `data/evidence.yml`."""

from __future__ import annotations

from functools import lru_cache

from actions.wording.interfaces import Strict
from actions.wording.services import load

FILE = "evidence.yml"


class Words(Strict):
    """The file."""

    transitions: dict[str, str]
    channels: dict[str, str]
    steps: dict[str, str]
    proofs: tuple[str, ...]
    records: dict[str, str]
    identity: dict[str, str]
    doubts: dict[str, str]


@lru_cache(maxsize=1)
def words() -> Words:
    """The words in use.

    Raises:
        actions.wording.interfaces.WordingError: the file is wrong.
    """
    return load(FILE, Words)


def by_channel(name: str) -> str:
    """How a request came: `in the chat on our website`."""
    return words().channels.get(name, f"by {plain(name)}")


def plain(name: str) -> str:
    """A name of the vocabulary as people write it: `crm_erase` is `crm erase`."""
    return name.replace("_", " ")
