"""The ledger: erasures and suppressions, once more, in a file outside the database.

A database restored from a backup knows nothing of what was erased since. The ledger does, as long as it is
kept where the database's backups are not: one line of JSON for each record, appended, never altered. It holds
case references, the CRM's ids of contacts and keyed fingerprints; the newest line of a key counts.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from actions.clock import now
from actions.conversations.log import rfc3339
from actions.database import Database
from actions.erasures.models import Erasure
from actions.preferences.models import Suppression
from actions.settings import get_settings

AT_A_TIME = 500
log = structlog.get_logger("ledger")


class LedgerBroken(Exception):
    """A line of the ledger cannot be read; the message says which, and what to do."""


def save(database: Database, path: Path | None = None) -> int:
    """Append what is not in the ledger yet; what was written when we are killed is at worst written again.

    Args:
        database: where the records are.
        path: the file; the settings' one by default.

    Returns:
        How many records were written.
    """
    written = 0
    while True:
        with database.read() as session:
            erasures = session.scalars(
                select(Erasure).where(Erasure.saved_at.is_(None)).order_by(Erasure.id).limit(AT_A_TIME)
            ).all()
            suppressions = session.scalars(
                select(Suppression)
                .where(Suppression.saved_at.is_(None))
                .order_by(Suppression.id)
                .limit(AT_A_TIME)
            ).all()
        if not erasures and not suppressions:
            return written
        lines = [erasure_record(row) for row in erasures] + [suppression_record(row) for row in suppressions]
        _append(path or get_settings().effective_ledger, lines)
        with database.write() as session:
            at = now(session)
            session.execute(
                update(Erasure).where(Erasure.id.in_([row.id for row in erasures])).values(saved_at=at)
            )
            for row in suppressions:
                _mark_saved(session, row)
        written += len(lines)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The ledger's records, oldest first.

    Raises:
        LedgerBroken: a line is no record; a last one that was cut off by a crash is left out instead.
    """
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                record = json.loads(line)
                if record["kind"] not in ("erasure", "suppression"):
                    raise ValueError
            except (ValueError, KeyError, TypeError):
                if not line.endswith("\n"):
                    log.warning("ledger_ends_in_mid_line", line=number)
                    return
                raise LedgerBroken(
                    f"{path}:{number}: this is no record of an erasure or a suppression. Put the ledger back "
                    "from a copy of it, or take the line out if you know that it is worth nothing."
                ) from None
            yield record


def _mark_saved(session: Session, row: Suppression) -> None:
    """Unless it has changed since it was read."""
    present = session.get(Suppression, row.id, with_for_update=True)
    if present is not None and suppression_record(present) == suppression_record(row):
        present.saved_at = now(session)


def erasure_record(row: Erasure) -> dict[str, Any]:
    """An erasure as the ledger has it."""
    return {
        "kind": "erasure",
        "key": row.key,
        "case": row.case_reference,
        "contact": row.contact_id,
        "keep": row.keep,
        "hashes": row.hashes,
        "at": rfc3339(row.at),
    }


def suppression_record(row: Suppression) -> dict[str, Any]:
    """An entry of the suppression list as the ledger has it."""
    return {
        "kind": "suppression",
        "of": row.kind,
        "fingerprint": row.fingerprint,
        "key_id": row.key_id,
        "topics": row.topics,
        "reason": row.reason,
        "case": row.case_reference,
        "since": rfc3339(row.since),
        "lifted_at": row.lifted_at and rfc3339(row.lifted_at),
        "erased_at": row.erased_at and rfc3339(row.erased_at),
        "replaces": row.details.get("replaces", []),
    }


def _append(path: Path, records: list[dict[str, Any]]) -> None:
    """All in one piece and on the disk; a line that a crash cut off is ended first."""
    content = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records).encode()
    with _locked(path) as handle:
        end = os.fstat(handle).st_size
        if end and os.pread(handle, 1, end - 1) != b"\n":
            _cut_last_line(handle, end)
        os.write(handle, content)
        os.fsync(handle)


def _cut_last_line(handle: int, end: int) -> None:
    tail = os.pread(handle, min(end, 65536), max(0, end - 65536))
    os.ftruncate(handle, end - len(tail) + tail.rfind(b"\n") + 1)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
