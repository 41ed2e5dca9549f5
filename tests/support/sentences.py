"""Finds which sentences of `data/` the code says, so that tests can hold both to each other."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path


class Speech:
    """What stands in the code of some files."""

    def __init__(self, sources: Sequence[Path]) -> None:
        """Prepare.

        Args:
            sources: the files; each is read once.
        """
        self._sources = sources

    @cached_property
    def trees(self) -> list[tuple[Path, ast.Module]]:
        """Every file with its syntax."""
        return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in self._sources]

    def says(self, name: str) -> bool:
        """Whether a sentence's id stands in the code, whole or as what an f-string there can be."""
        texts, patterns = self._named
        return name in texts or any(pattern.fullmatch(name) for pattern in patterns)

    @cached_property
    def _named(self) -> tuple[frozenset[str], list[re.Pattern[str]]]:
        texts: set[str] = set()
        patterns: list[re.Pattern[str]] = []
        for _, tree in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    texts.add(node.value)
                elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)):
                    patterns.append(re.compile(pattern))
        return frozenset(texts), patterns


def _pattern(node: ast.JoinedStr) -> str | None:
    """What an f-string can be, where a part of it says that it is an id: `status.{…}`."""
    literal = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    if not re.fullmatch(r"[a-z_.]*", literal) or "." not in literal:
        return None
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z_]+" for part in node.values
    )
