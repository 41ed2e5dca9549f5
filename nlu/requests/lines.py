"""The lines of a text in which examples stand one a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Read the lines that say something, each with its number: neither empty nor a note, which `#` begins.

    Args:
        path: The text, in UTF-8.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()
