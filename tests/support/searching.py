"""Looking for somebody in everything there is: tables, decrypted where they are encrypted, and raw files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from actions.database import Database
from actions.database.tables import METADATA
from tests.support.canaries import Canaries


def in_tables(database: Database, needles: Iterable[str], but: Iterable[str] = ()) -> list[str]:
    """Where any of some texts stands: `table.column: text`, every column read as our own code reads it.

    Args:
        database: the database.
        needles: texts, in any letter case.
        but: tables to leave out.
    """
    lowered = [needle.lower() for needle in needles]
    found = set()
    with database.read() as session:
        for table in METADATA.sorted_tables:
            if table.name in set(but):
                continue
            for row in session.execute(select(table)).mappings():
                for column, value in row.items():
                    text = str(value).lower()
                    found |= {f"{table.name}.{column}: {needle}" for needle in lowered if needle in text}
    return sorted(found)


def in_files(folder: Path, values: Iterable[tuple[str, str]]) -> list[str]:
    """The files below a folder, free pages and logs of databases included, that hold any of some values.

    Args:
        folder: where to look.
        values: kinds and values, as `Canaries` wants them.
    """
    look = Canaries(values)
    return sorted(
        f"{path.relative_to(folder)}: {value}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for value in look.in_bytes(path.read_bytes())
    )
