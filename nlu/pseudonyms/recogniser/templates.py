"""Reads the sentences with room for names."""

from __future__ import annotations

from pathlib import Path

_FILE = Path(__file__).with_name("templates.txt")


def templates() -> dict[str, list[str]]:
    """The sentences of each section; `{person}` and the like are rooms to be filled."""
    sections: dict[str, list[str]] = {}
    for line in _FILE.read_text().splitlines():
        if line.startswith("["):
            section = sections[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            section.append(line.replace("\\n", "\n"))
    return sections
