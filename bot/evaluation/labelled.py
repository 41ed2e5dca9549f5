"""Reads labelled text and says which lines are malformed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.evaluation.interfaces import NOT_TOLD, POLICY, Labelled
from bot.gateway.vocabulary import INTENTS
from bot.paths import PROJECT

UNTOUCHED = PROJECT / "tests" / "understanding"

_SECTION = re.compile(r"[1-9]\d*(\.[1-9]\d*)*")
_HEADER = ["category", "expected", "text"]


class Malformed(Exception):
    """Labelled text cannot be used; each problem names its line and what is wrong there."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the problems."""
        super().__init__("\n".join(problems))
        self.problems = problems


def read_labelled(path: Path) -> list[Labelled]:
    """Read a file, or each `*.tsv` of a folder but none of its subfolders.

    Args:
        path: the file or the folder.

    Returns:
        The lines in the files' order; comments, blank lines and a heading are left out.

    Raises:
        Malformed: a line is not as it should be, or there is none.
        OSError: a file cannot be read.
    """
    files = sorted(path.glob("*.tsv")) if path.is_dir() else [path]
    found: list[Labelled] = []
    problems: list[str] = []
    for file in files:
        for number, line in enumerate(file.read_bytes().split(b"\n"), start=1):
            try:
                labelled = _labelled(file.name, number, line.removesuffix(b"\r"))
            except ValueError as error:
                problems.append(f"{file.name}:{number}: {error}")
                continue
            if labelled:
                found.append(labelled)
    if not found and not problems:
        problems = [f"{path}: there is no labelled line, such as plain<TAB>erase<TAB>please delete my data"]
    if problems:
        raise Malformed(problems)
    return found


def _labelled(file: str, number: int, line: bytes) -> Labelled | None:
    try:
        decoded = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8; save the file as UTF-8") from error
    if not decoded.strip() or decoded.startswith("#"):
        return None
    parts = decoded.split("\t", 2)
    if number == 1 and [part.strip().lower() for part in parts] == _HEADER:
        return None
    if len(parts) < len(_HEADER):
        raise ValueError(f"{len(parts)} of 3 columns; separate category, expected and text by tabs")
    category, expected, text = (part.strip() for part in parts)
    if not category:
        raise ValueError("the category is empty")
    if not text:
        raise ValueError("the text is empty")
    return Labelled(file, number, category, tuple(_alternatives(category, expected)), text)


def _alternatives(category: str, expected: str) -> Iterator[tuple[str, ...]]:
    for alternative in expected.split("|"):
        names = tuple(name.strip() for name in alternative.split("+"))
        if category == POLICY:
            if len(names) != 1 or not (names[0] == NOT_TOLD or _SECTION.fullmatch(names[0])):
                raise ValueError(f"a policy line expects a section such as 9.4, or none; not {alternative!r}")
        else:
            for name in names:
                if name not in INTENTS:
                    raise ValueError(f"there is no intent {name!r}; the intents are in /api/vocabulary")
        yield names
