"""Reads the questions of `data/policy`, all that the engine needs of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

NOT_TOLD = "not told"
"""The key of questions that the policy does not answer."""

_NOT_TOLD_FILE = "_not_told.yml"


class PolicyUnreadable(RuntimeError):
    """A file of the answers is not what it should be; the message names it."""


@dataclass(frozen=True)
class Asked:
    """A question, and the key of the answer to it: `9.4`, a row of a table as `12/access`, or `NOT_TOLD`."""

    key: str
    text: str


def read_questions(folder: Path) -> list[Asked]:
    """Read every question of a folder.

    Args:
        folder: Where the answers are, `data/policy`; without any, there is nothing to retrieve.

    Returns:
        The questions in the files' order.

    Raises:
        PolicyUnreadable: If a file cannot be read; `actions.policy.check` finds each mistake and its line.
    """
    found: list[Asked] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            found.extend(_not_told(content) if path.name == _NOT_TOLD_FILE else _told(content))
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise PolicyUnreadable(f"{path} cannot be read: {error}") from error
    return found


def section_of(key: str) -> str:
    """Return the number that an answer's key stands for."""
    return key.partition("/")[0]


def _told(content: Any) -> Iterator[Asked]:
    for answer in content["answers"]:
        for question in answer["questions"]:
            yield Asked(str(answer["section"]), str(question))


def _not_told(content: Any) -> Iterator[Asked]:
    for question in content["questions"]:
        yield Asked(NOT_TOLD, str(question))
