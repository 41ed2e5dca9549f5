"""Looks for personal values where none may be: in files, archives and records, however they are written."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

# These may be parts of other words.
NAMES = ("name", "surname")
SHORTEST_IN_A_MODEL = 5
GAP = rb"(?:[ ()-]|\xc2\xa0)?"


class Canaries:
    """Values to look for, each in the forms in which it may have been written."""

    def __init__(self, used: Iterable[tuple[str, str]]) -> None:
        """Prepare to look.

        Args:
            used: kind and value of everything personal.
        """
        self._forms: dict[bytes, str] = {}
        for kind, value in used:
            for form in _forms(kind, value):
                self._forms.setdefault(form, f"{kind} {value!r}")
        # Longest first, so that a find is reported by the most telling value.
        every = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(every)) if every else None

    def __len__(self) -> int:
        return len(self._forms)

    def in_bytes(self, content: bytes) -> set[str]:
        """The values that stand in some bytes."""
        if self._pattern is None or not self._pattern.search(content):
            return set()
        return {value for form, value in self._forms.items() if re.search(form, content)}

    def in_files(self, *folders: Path) -> list[str]:
        """The values that stand in any file below some folders: `path: value`; databases row by row too."""
        return sorted(
            f"{path}: {value}"
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file()
            for value in self.in_bytes(path.read_bytes()) | self._in_database(path)
        )

    def in_model(self, archive: Path) -> list[str]:
        """The values that stand in any file of a packed model."""
        with tarfile.open(archive) as packed:
            return sorted(
                f"{member.name}: {value}"
                for member in packed.getmembers()
                if (file := packed.extractfile(member))
                for value in self.in_bytes(_unpacked(file.read()))
            )

    def _in_database(self, path: Path) -> set[str]:
        if path.suffix != ".db":
            return set()
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
            return {value for row in _rows(database) for value in self.in_bytes(row)}


def for_a_model(used: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of what was used, the values that no training text can hold by chance: no codes, no ordinary words."""
    return {
        (kind, value)
        for kind, value in used
        if kind != "code"
        and len(value.strip()) >= SHORTEST_IN_A_MODEL
        and (kind not in ("email", "phone") or re.search(r"[@\d]", value))
    }


def _forms(kind: str, value: str) -> Iterator[bytes]:
    text = value.strip()
    digits = re.sub(r"\D", "", text)
    if kind == "code":
        # Not a part of a longer number, such as a time in microseconds.
        yield rb"(?<![\d.])%b%b%b(?!\d)" % (digits[:3].encode(), GAP, digits[3:].encode())
        return
    if kind in NAMES:
        yield rf"\b{re.escape(text)}\b".encode()
        return
    if len(text) < 4:
        return
    yield b"(?i:" + re.escape(text).encode() + b")"
    escaped = json.dumps(text)[1:-1]
    if escaped != text:
        yield b"(?i:" + re.escape(escaped).encode() + b")"
    if len(digits) >= 9 and len(digits) > len(re.sub(r"[\d\s().+-]", "", text)):
        yield rb"(?<!\d)(?:44|0)?%b%b(?!\d)" % (GAP, GAP.join(digit.encode() for digit in digits[-10:]))


def _rows(database: sqlite3.Connection) -> Iterator[bytes]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in database.execute(f'SELECT * FROM "{table}"'):
            yield json.dumps(row, default=str, ensure_ascii=False).encode()


def _unpacked(content: bytes) -> bytes:
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
