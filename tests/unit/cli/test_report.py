"""`./rightline report`: a month's page, and clear words when there can be none."""

from __future__ import annotations

from pathlib import Path

from actions.cases.deadlines import local_date
from actions.clock import now
from actions.database import Database
from actions.reporting.interfaces import Month
from actions.settings import get_settings
from bot.cli.report import app
from tests.support.command_line import database, runner

__all__ = ["database"]

run = runner(app)


def test_the_last_whole_month_is_written_into_the_state_folder(database: Database) -> None:
    with database.read() as session:
        last = Month.of(local_date(now(session))).back(1)
    path = get_settings().home / "reports" / f"{last}.html"
    assert run().replace(" ", "") == str(path)
    assert last.title in path.read_text(encoding="utf-8")


def test_another_month_and_folder_are_taken(database: Database, tmp_path: Path) -> None:
    run("--month", "2026-01", "--out", str(tmp_path / "out"))
    assert (tmp_path / "out" / "2026-01.html").exists()


def test_what_cannot_be_reported_is_said(database: Database, tmp_path: Path) -> None:
    assert "--month wants a month such as 2026-11, not 'November'" in run("--month", "November", code=2)
    assert "is not here yet" in run("--month", "2999-01", code=2)
    (tmp_path / "a-file").write_text("")
    assert "cannot be written to" in run("--out", str(tmp_path / "a-file"), code=1)
