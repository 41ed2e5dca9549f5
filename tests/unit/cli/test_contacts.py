"""Contacts are added from the command line, or it is said clearly why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.crm.demo import load_demo
from actions.crm.embedded import EmbeddedCrm
from actions.crm.services import get_crm
from actions.database import Base, Database, get_database
from actions.preferences import services as preferences
from actions.settings import get_settings
from bot.cli import contacts
from bot.cli.contacts import app

import actions.database.tables  # noqa: F401 # isort: skip # so that every table is made


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A demo's database in a state folder of its own."""
    monkeypatch.setenv("RIGHTLINE_HOME", str(tmp_path / "home"))
    for cache in (get_settings, get_database, get_crm):
        cache.cache_clear()
    monkeypatch.setattr("actions.database.migrate", lambda: Base.metadata.create_all(get_database().engine))
    found = get_database()
    Base.metadata.create_all(found.engine)
    load_demo(found)
    yield found
    found.dispose()
    for cache in (get_settings, get_database, get_crm):
        cache.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_an_import_says_what_became_of_each_line(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        preferences.remember_erased(session, "email", "gone@a.example", case_reference="PR-7F3K-9Q2M")
    path = tmp_path / "list.csv"
    path.write_text("email,name\nnew@a.example,New\ngone@a.example,Gone\n", encoding="utf-8")
    dry = run("import", str(path), "--dry-run", "--source", "event")
    assert dry.exit_code == 0, dry.output
    assert "2 people in the file; 1 would be added." in dry.output
    assert "Nothing was changed." in dry.output
    done = run("import", str(path), "--source", "event")
    assert "2 people in the file; 1 added." in done.output
    assert "line 3: left out: this person was erased on request (PR-7F3K-9Q2M)." in done.output
    (added,) = EmbeddedCrm(database).find_by_email("new@a.example")
    assert added.source == "event"


def test_mistakes_are_listed_and_nothing_is_imported(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email,name\nnew@a.example,New\n" + "wrong,=1\n" * 15, encoding="utf-8")
    result = run("import", str(path))
    assert result.exit_code == 1
    assert f"{path}: line 3: email: it is no email address" in result.output
    assert "… and 10 more." in result.output
    assert "30 mistakes in list.csv; nothing was imported." in result.output
    assert EmbeddedCrm(database).find_by_email("new@a.example") == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "none.csv"), "none.csv cannot be read: No such file or directory."),
        (("import", "none.csv", "--source", "moon"), "there is no source 'moon'; there are company"),
        (("import", "."), ". cannot be read: Is a directory."),
    ],
)
def test_what_cannot_be_done_is_said(database: Database, arguments: tuple[str, ...], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.output


def test_an_erased_person_may_be_allowed_again_by_name_and_reason(database: Database) -> None:
    with database.write() as session:
        preferences.remember_erased(session, "email", "gone@a.example", case_reference="PR-7F3K-9Q2M")
    how = ("--as", "dana", "--reason", "a customer again")
    assert run("allow", "Gone@a.example", *how).exit_code == 0
    again = run("allow", "gone@a.example", *how)
    assert again.exit_code == 1
    assert "nothing to allow" in again.output
    assert run("allow", "gone@a.example", "--as", " ", "--reason", "x").exit_code == 2


def test_a_long_file_shows_a_bar_on_standard_error_only(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "LONG_FILE_BYTES", 1000)
    path = tmp_path / "long.csv"
    lines = (f"p{number}@a.example,Somebody {number}\n" for number in range(60))
    path.write_text("email,name\n" + "".join(lines), encoding="utf-8")
    result = run("import", str(path), "--dry-run")
    assert result.stdout.splitlines()[0] == "60 people in the file; 60 would be added."
    assert "60/60" in result.stderr
