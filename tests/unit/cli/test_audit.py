"""`./rightline audit`: somebody who touched the trail is found out, and told where."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.audit import record
from actions.database import Database
from bot.cli.audit import app
from tests.support.command_line import database, runner

__all__ = ["database"]

run = runner(app)


def written(database: Database, count: int = 3) -> None:
    for number in range(count):
        with database.write() as session:
            record(session, actor="dana", action="approved", subject=f"PR-0000-000{number}")


def altered(database: Database, statement: str) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.commit()


def test_a_whole_chain_is_said_to_be_unbroken(database: Database) -> None:
    assert run("verify") == "No entries yet."
    written(database)
    said = run("verify")
    assert said.startswith("3 entries, unbroken. last link 3:")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE audit_entries SET actor = 'sam' WHERE id = 2",
            "entry 2: what stands in it is not what was written",
        ),
        ("DELETE FROM audit_entries WHERE id = 2", "entry 2: it is missing: entry 3 comes next"),
        (
            "DELETE FROM audit_entries WHERE id = 3",
            "entry 3: it is missing: the chain ends before entry 3, its last",
        ),
        ("UPDATE audit_head SET first_id = 2", "entry 2: the note of where the chain begins was altered"),
        ("UPDATE audit_head SET hash = 'x'", "entry 3: the note of the chain's last link is another one"),
    ],
)
def test_the_first_broken_link_is_named(database: Database, statement: str, says: str) -> None:
    written(database)
    altered(database, statement)
    assert f"the first broken link is {says}" in run("verify", code=1)


def test_a_link_that_was_noted_must_still_be_there(database: Database) -> None:
    written(database)
    noted = run("verify").rpartition(" ")[2]
    written(database)
    assert "6 entries, unbroken" in run("verify", "--noted", noted)
    other = f"3:{'0' * 64}"
    assert "the chain was made anew" in run("verify", "--noted", other, code=1)
    assert "--noted wants" in run("verify", "--noted", "three", code=2)


def test_entries_are_listed(database: Database) -> None:
    assert run("list") == "No entries."
    written(database)
    assert "PR-0000-0001" in run("list")
    assert "PR-0000-0002" not in run("list", "--about", "pr 0000 0001")


def test_a_folder_where_nothing_was_ever_begun_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actions.settings import get_settings

    monkeypatch.setenv("RIGHTLINE_HOME", str(tmp_path / "empty"))
    get_settings.cache_clear()
    assert "there is nothing in" in run("verify", code=1)
