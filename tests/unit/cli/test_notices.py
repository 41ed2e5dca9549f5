"""The notices from the command line: looked at first, sent with a bar, resumed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from actions.crm.demo import load_demo
from actions.crm.embedded import EmbeddedCrm
from actions.crm.interfaces import NewContact
from actions.crm.services import get_crm
from actions.database import Base, Database, get_database
from actions.notices.models import ContactNotice
from actions.settings import get_settings
from bot.cli.notices import app
from tests.unit.mail.servers import Mailbox, free_port, smtp_server

import actions.database.tables  # noqa: F401 # isort: skip # so that every table is made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def database(tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A demo's database in a state folder of its own."""
    monkeypatch.setenv("RIGHTLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RIGHTLINE_SMTP_PORT", str(mailbox.port))
    for cache in (get_settings, get_database, get_crm):
        cache.cache_clear()
    monkeypatch.setattr("actions.database.migrate", lambda: Base.metadata.create_all(get_database().engine))
    found = get_database()
    Base.metadata.create_all(found.engine)
    load_demo(found)
    EmbeddedCrm(found).add(NewContact({"email": f"p{number}@a.example"}) for number in range(8))
    yield found
    found.dispose()
    for cache in (get_settings, get_database, get_crm):
        cache.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def states(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(ContactNotice.state)))


def test_a_dry_run_says_whom_and_writes_to_nobody(database: Database, mailbox: Mailbox) -> None:
    result = run("--dry-run")
    assert result.exit_code == 0, result.output
    assert "9 contacts added since" in result.stdout
    assert "9 would be written to" in result.stdout
    assert "9/9" in result.stderr
    assert states(database) == []
    assert mailbox.letters == []


def test_a_limit_and_then_the_rest_and_nobody_twice(database: Database, mailbox: Mailbox) -> None:
    first = run("--limit", "4")
    assert "4 sent or settled, 0 waiting." in first.stdout
    assert "The limit ended it" in first.stdout
    assert len(mailbox.letters) == 4
    second = run()
    assert "5 sent or settled, 0 waiting." in second.stdout
    third = run()
    assert "9 were told before" in third.stdout
    assert len(mailbox.letters) == len({letter["To"] for letter in mailbox.letters}) == 9
    assert states(database) == ["sent"] * 9


def test_a_mail_server_that_is_away_leaves_them_to_the_worker(
    database: Database, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHTLINE_SMTP_PORT", str(free_port()))
    get_settings.cache_clear()
    result = run("--limit", "2")
    assert "0 sent or settled, 2 waiting." in result.stdout
    assert "the worker goes on with those" in result.stderr
    assert states(database) == ["planned"] * 2


def test_an_impossible_day_or_limit_is_a_usage_error(database: Database) -> None:
    assert run("--since", "yesterday").exit_code == 2
    assert run("--limit", "0").exit_code == 2
