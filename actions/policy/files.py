"""Reading the files of `data/policy` so that every value keeps the line it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from actions.settings import get_settings
from actions.wording.interfaces import WordingError

NOT_TOLD = "_not_told.yml"

Place = tuple[int | str, ...]


class Unreadable(WordingError):
    """A file is not YAML; `line` says where."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Source:
    """A file's content, and the line on which each of its parts begins."""

    path: Path
    content: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a part, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def folder() -> Path:
    """Where the answers are."""
    return get_settings().data / "policy"


def answer_files(where: Path) -> list[Path]:
    """The files that hold answers, in order."""
    return sorted(path for path in where.glob("*.yml") if not path.name.startswith("_"))


def read(path: Path) -> Source:
    """Read a file.

    Raises:
        Unreadable: it is not YAML.
    """
    source = path.read_text(encoding="utf-8")
    try:
        content = yaml.safe_load(source)
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(path, line, f"this is not YAML: {error.problem}") from error
    lines: dict[Place, int] = {}
    if node is not None:
        _note(node, (), lines)
    return Source(path, content, lines)


def _note(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            lines[(*place, name.value)] = name.start_mark.line + 1
            _note(value, (*place, name.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note(item, (*place, index), lines)
