"""Checking a restored database from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.crm.demo import load_demo
from actions.crm.embedded import EmbeddedCrm
from actions.database import Database, get_database, migrate
from actions.erasures import ledger, services
from actions.settings import get_settings
from bot.cli.restore_check import app
from tests.support.backups import back_up


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A living database from which tom was erased, and a backup of it from before."""
    monkeypatch.setenv("RIGHTLINE_HOME", str(tmp_path / "home"))
    for cache in (get_settings, get_database):
        cache.cache_clear()
    migrate()
    found = get_database()
    load_demo(found)
    back_up(found, tmp_path / "backup.db")
    with found.write() as session:
        services.record(session, key="k", reference="PR-7F3K-9Q2M", contact_id="tom", keep=[])
    EmbeddedCrm(found).erase("tom")
    ledger.save(found)
    yield found
    found.dispose()
    for cache in (get_settings, get_database):
        cache.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_who_came_back_is_listed_then_erased_then_gone(database: Database, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'backup.db'}"
    looked = run("--database", url)
    assert looked.exit_code == 1
    assert "1 erasures and 0 entries" in looked.stdout
    assert "PR-7F3K-9Q2M (erased 20" in looked.stdout
    assert "contact tom is in the CRM again" in looked.stdout
    assert "run it with --apply" in looked.stderr
    applied = run("--database", url, "--apply")
    assert applied.exit_code == 0
    assert "Erased again" in applied.stdout
    again = run("--database", url)
    assert again.exit_code == 0
    assert "Nobody came back." in again.stdout


def test_a_database_restored_in_its_place_is_checked_by_the_ledger(
    database: Database, tmp_path: Path
) -> None:
    database.dispose()
    home = tmp_path / "home"
    for old in home.glob("rightline.db*"):
        old.unlink()
    (tmp_path / "backup.db").rename(home / "rightline.db")
    assert "contact tom is in the CRM again" in run().stdout
    assert run("--apply").exit_code == 0
    assert run().exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--database", "sqlite:////nowhere/at/all.db"), 1, "there is no database at /nowhere/at/all.db."),
        (("--database", "nonsense"), 2, "--database is no database URL"),
        (("--ledger", "none.jsonl"), 2, "there is no ledger at none.jsonl."),
    ],
)
def test_what_cannot_be_done_is_said(
    database: Database, arguments: tuple[str, ...], code: int, says: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert says in result.stderr


def test_a_broken_database_or_ledger_is_named(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"this is no database at all" * 100)
    assert "cannot be used" in run("--database", f"sqlite:///{path}").stderr
    lines = tmp_path / "lines.jsonl"
    lines.write_text("nonsense\n")
    assert "lines.jsonl:1: this is no record" in run("--ledger", str(lines)).stderr
