"""YAML with the line of everything in it, so that a mistake can be pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """A mistake in a script: where it is, and what to do about it."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ScriptError(Exception):
    """A script cannot be played; says every mistake found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass
class Document:
    """What a file says, and where.

    Attributes:
        path: the file.
        data: its content. Scalars are text as it was written, but for `true`, `false` and `null`.
        lines: by place (the keys and positions that lead there), the line where the value begins.
        key_lines: the same for the keys of mappings.
    """

    path: Path
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    key_lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def line_of_key(self, place: Place) -> int:
        """The line of a key, or of its value."""
        return self.key_lines.get(place) or self.line(place)


def read(path: Path) -> Document:
    """Read a file.

    Raises:
        ScriptError: it cannot be read, is no YAML, or says something twice.
    """
    try:
        # A parser's nodes rather than its values: `no`, `012345` and dates stay what the author typed.
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError([Problem(path, 1, f"cannot be read: {error}")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ScriptError([Problem(path, line, f"is not valid YAML here: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise ScriptError([Problem(path, 1, f"is not valid YAML: {error}")]) from error
    document = Document(path)
    if node is not None:
        document.data = _value(document, node, ())
    return document


def _value(document: Document, node: yaml.Node, place: Place) -> Any:
    document.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(document, node, place))
    if isinstance(node, yaml.SequenceNode):
        return [_value(document, item, (*place, number)) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode) and node.style is None and not node.tag.endswith(":str"):
        return {"true": True, "false": False, "null": None, "~": None, "": None}.get(node.value, node.value)
    return node.value


def _pairs(document: Document, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in seen:
            raise ScriptError([Problem(document.path, line, f"'{key}' stands here twice; keep one.")])
        seen.add(key)
        document.key_lines[(*place, key)] = line
        yield key, _value(document, value_node, (*place, key))
