"""What is handed to those who ask us to account for it, from the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from actions.cases import services as cases
from actions.clock import now
from actions.database import Database
from actions.settings import get_settings
from bot.cli.cases import app
from tests.support.command_line import database, runner

__all__ = ["database"]

run = runner(app)


def opened(database: Database) -> str:
    with database.write() as session:
        return cases.open_case(
            session,
            right="erasure",
            conversation_id=None,
            received_at=now(session),
            address="p@hartwell.example",
        ).reference


def test_the_register_is_written_to_a_file(database: Database, tmp_path: Path) -> None:
    references = {opened(database) for _ in range(3)}
    file = tmp_path / "register.csv"
    assert run("export", str(file)) == f"3 cases written to {file}."
    with file.open(encoding="utf-8", newline="") as lines:
        assert {row["reference"] for row in csv.DictReader(lines)} == references
    assert run("export", str(file), "--from", "2999-01-01") == (
        f"0 cases written to {file}, received from 2999-01-01."
    )
    assert len(run("export", "-").split("PR-")) == 4


def test_what_cannot_be_exported_is_said(database: Database, tmp_path: Path) -> None:
    opened(database)
    missing = tmp_path / "nowhere" / "register.csv"
    assert "cannot be written (No such file or directory)" in run("export", str(missing), code=1)
    assert "lies after --to" in run("export", "-", "--from", "2026-12-01", "--to", "2026-11-01", code=2)
    assert "--from wants a date" in run("export", "-", "--from", "yesterday", code=2)


def test_a_case_s_evidence_is_written_where_retention_finds_it(database: Database, tmp_path: Path) -> None:
    reference = opened(database)
    run("evidence", reference.lower())
    folder = get_settings().home / "evidence"
    assert json.loads((folder / f"{reference}.json").read_text())["reference"] == reference
    assert reference in (folder / f"{reference}.html").read_text()
    run("evidence", reference, "--out", str(tmp_path / "for-the-regulator"))
    assert (tmp_path / "for-the-regulator" / f"{reference}.html").exists()


def test_what_cannot_be_evidenced_is_said(database: Database, tmp_path: Path) -> None:
    reference = opened(database)
    assert "there is no case PR-0000-0000" in run("evidence", "PR-0000-0000", code=1)
    (tmp_path / "a-file").write_text("")
    assert "cannot be written to" in run("evidence", reference, "--out", str(tmp_path / "a-file"), code=1)


def test_a_broken_trail_is_said_with_the_evidence(database: Database) -> None:
    reference = opened(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE audit_entries SET actor = 'sam' WHERE id = 1")
        connection.commit()
    assert "the audit trail is broken at entry 1" in run("evidence", reference, code=1)
