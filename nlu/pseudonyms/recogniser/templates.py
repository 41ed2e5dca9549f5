"""Reads the sentences with room for names."""

from __future__ import annotations

from pathlib import Path

_FILE = Path(__file__).with_name("templates.txt")
_MESSAGES = Path(__file__).with_name("messages.txt")


def templates() -> dict[str, list[str]]:
    """The sentences of each section; `{person}` and the like are rooms to be filled."""
    sections: dict[str, list[str]] = {}
    for line in _FILE.read_text().splitlines():
        if line.startswith("["):
            section = sections[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            section.append(line.replace("\\n", "\n"))
    return sections


def messages() -> list[str]:
    """Messages as contacts write them; a few have placeholders, which are rooms as well."""
    lines = _MESSAGES.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]
