"""The file: read and written as a whole, by one process at a time, and never left half-written."""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actions.crm.interfaces import CrmError, CrmUnusable

COLUMNS = (
    "id",
    "name",
    "surname",
    "email",
    "other_emails",
    "work_telephone",
    "mobile_telephone",
    "company",
    "preferences",
    "state",
    "source",
    "added_at",
    "email_changed_at",
)
Row = dict[str, str]


class Sheet:
    """Rows of a CSV file with the columns above; a file that is not there yet is an empty one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self) -> list[Row]:
        """Every row. Writing replaces the file at once, so reading needs no lock.

        Raises:
            CrmError: the file cannot be read just now.
            CrmUnusable: it has other columns.
        """
        try:
            with self._path.open(newline="", encoding="utf-8") as file:
                reader = csv.DictReader(file)
                rows = [{name: row.get(name) or "" for name in COLUMNS} for row in reader]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise CrmError(
                f"the contacts' file cannot be read ({error.strerror}): check its rights"
            ) from error
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise CrmUnusable(f"the contacts' file has no column '{missing[0]}': put it back")
        return rows

    @contextmanager
    def changing(self) -> Iterator[list[Row]]:
        """The rows to be changed in place; written when the block ends well, and not at all when it does not.

        Raises:
            CrmError: the file cannot be written just now.
        """
        lock = self._path.with_suffix(".lock")
        try:
            with lock.open("w") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                rows = self.rows()
                yield rows
                self._write(rows)
        except OSError as error:
            raise CrmError(
                f"the contacts' file cannot be written ({error.strerror}): is there room?"
            ) from error

    def _write(self, rows: list[Row]) -> None:
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
