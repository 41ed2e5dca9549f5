"""Reads `data/situations`: what people write in each situation, and what only sounds like it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml  # type: ignore[import-untyped]

from nlu.classification.text import normalised
from nlu.situations.sieve import Sieve

READ_AT_MOST = 2000
"""Characters of a message that are searched: a long letter is read at its beginning and at its end."""


class SituationsUnreadable(RuntimeError):
    """A file of the situations is not what it should be; the message names it."""


@dataclass(frozen=True)
class Situation:
    """One situation.

    Attributes:
        name: what the parse output calls it.
        examples: messages that show it.
        ordinary: messages that sound alike and show no situation at all.
        patterns: over normalised text; each is enough by itself.
    """

    name: str
    examples: tuple[str, ...]
    ordinary: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]


def read_situations(folder: Path) -> list[Situation]:
    """Read every situation of a folder.

    Args:
        folder: `data/situations`; files that begin with an underscore are for the dialogue only.

    Returns:
        The situations by name; none where there is no folder.

    Raises:
        SituationsUnreadable: If a file cannot be read; `actions.situations.check` finds each mistake.
    """
    found = []
    for path in sorted(folder.glob("[!_]*.yml")):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            found.append(
                Situation(
                    str(content["situation"]),
                    tuple(str(text) for text in content["examples"]),
                    tuple(str(text) for text in content["ordinary"]),
                    tuple(re.compile(pattern) for pattern in content["patterns"]),
                )
            )
        except (yaml.YAMLError, re.error, KeyError, TypeError) as error:
            raise SituationsUnreadable(f"{path} cannot be read: {error}") from error
    return sorted(found, key=lambda situation: situation.name)


def matched(text: str, patterns: Sequence[tuple[str, Sequence[Sieve]]]) -> list[str]:
    """Return the names of the situations that a pattern finds in a text.

    Args:
        text: The message, normalised and shortened by `readable`.
        patterns: Those of each situation.
    """
    return [name for name, known in patterns if any(pattern.finds(text) for pattern in known)]


def readable(text: str) -> str:
    """Return what is searched of a message: normalised, and of a long one the beginning and the end."""
    if len(text) > READ_AT_MOST:
        half = READ_AT_MOST // 2
        text = f"{text[:half]} … {text[-half:]}"
    return normalised(text)
