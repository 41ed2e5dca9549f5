"""Agents decide cases from the command line, and are told clearly what cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.cases import services as cases
from actions.clock import now
from actions.crm.demo import load_demo
from actions.database import Base, Database, get_database
from actions.settings import get_settings
from bot.cli.cases import app

import actions.database.tables  # noqa: F401 # isort: skip # so that every table is made


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A demo's database in a state folder of its own."""
    monkeypatch.setenv("RIGHTLINE_HOME", str(tmp_path))
    monkeypatch.setenv("RIGHTLINE_DEMO", "1")
    get_settings.cache_clear()
    get_database.cache_clear()
    monkeypatch.setattr("actions.database.migrate", lambda: Base.metadata.create_all(get_database().engine))
    found = get_database()
    Base.metadata.create_all(found.engine)
    load_demo(found)
    yield found
    found.dispose()
    get_settings.cache_clear()
    get_database.cache_clear()


def waiting(database: Database, right: str = "erasure", **details: object) -> str:
    """Put a case on record that waits for approval; returns its reference."""
    with database.write() as session:
        case = cases.open_case(
            session,
            right=right,
            conversation_id=None,
            received_at=now(session),
            address="priya@hartwell.example",
            contact_id=None if "candidates" in details else "priya",
        )
        case.details.update(details)
        cases.move(session, case, "awaiting_identity", by="assistant")
        cases.move(session, case, "awaiting_approval", by="assistant", note="agreement active")
        return case.reference


def state_of(database: Database, reference: str) -> str:
    with database.read() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        return case.state


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_open_cases_are_listed_with_what_an_agent_needs_and_nothing_personal(database: Database) -> None:
    reference = waiting(database, plan={"ground": "active_agreement"})
    shown = run("list")
    assert shown.exit_code == 0
    for part in (reference, "erasure", "awaiting approval", "days", "agreement active"):
        assert part in shown.output
    assert "priya@" not in shown.output


def test_no_open_case_is_said(database: Database) -> None:
    assert run("list").output.strip() == "No cases."


def test_cases_are_listed_by_state(database: Database) -> None:
    reference = waiting(database)
    assert reference in run("list", "--state", "awaiting_approval").output
    assert reference not in run("list", "--state", "fulfilled").output
    unknown = run("list", "--state", "finished")
    assert unknown.exit_code == 2
    assert "there is no case state called 'finished'" in unknown.output


def test_closed_cases_are_listed_when_asked_for(database: Database) -> None:
    reference = waiting(database)
    assert run("refuse", reference, "--as", "sam", "--reason", "Not proven.").exit_code == 0
    assert reference not in run("list").output
    assert "1 more" in run("list").output
    assert reference in run("list", "--all").output


def test_a_case_is_shown_with_its_reasons_and_history(database: Database) -> None:
    reference = waiting(database, candidates=["jo", "lee"], doubt="shared")
    shown = run("show", reference.lower().replace("-", " "))
    assert shown.exit_code == 0
    for part in (reference, "awaiting identity → awaiting approval", "one of: jo, lee", "calendar month"):
        assert part in " ".join(shown.output.split())
    assert "priya@" not in shown.output


def test_an_approved_case_is_set_in_motion(database: Database) -> None:
    reference = waiting(database)
    approved = run("approve", reference, "--as", "dana")
    assert approved.exit_code == 0
    assert approved.output.strip() == f"{reference} is approved and in progress."
    assert state_of(database, reference) == "in_progress"
    assert "approved by dana" in " ".join(run("show", reference).output.split())


def test_whom_it_is_about_must_be_said_where_the_address_does_not_tell(database: Database) -> None:
    reference = waiting(database, right="access", candidates=["jo", "lee"])
    unsure = run("approve", reference, "--as", "dana")
    assert unsure.exit_code == 1
    assert "--contact" in unsure.output
    assert state_of(database, reference) == "awaiting_approval"
    assert run("approve", reference, "--as", "dana", "--contact", "priya").exit_code == 1
    assert run("approve", reference, "--as", "dana", "--contact", "lee").exit_code == 0
    assert state_of(database, reference) == "fulfilled"


def test_a_refusal_needs_a_reason_and_is_final(database: Database) -> None:
    reference = waiting(database)
    assert run("refuse", reference, "--as", "sam").exit_code == 2
    assert run("refuse", reference, "--as", "sam", "--reason", "  ").exit_code == 1
    assert run("refuse", reference, "--as", "sam", "--reason", "Not [proven].").exit_code == 0
    assert state_of(database, reference) == "refused"
    assert "Not [proven]." in run("show", reference).output
    late = run("approve", reference, "--as", "dana")
    assert late.exit_code == 1
    assert "not waiting for approval" in late.output


@pytest.mark.parametrize("name", [" ", "assistant", "worker"])
def test_only_people_decide(database: Database, name: str) -> None:
    reference = waiting(database)
    assert run("approve", reference, "--as", name).exit_code == 2
    assert state_of(database, reference) == "awaiting_approval"


@pytest.mark.parametrize("command", [("show",), ("approve", "--as", "dana")])
def test_an_unknown_reference_is_said(database: Database, command: tuple[str, ...]) -> None:
    answer = run(command[0], "PR-0000-0000", *command[1:])
    assert answer.exit_code == 1
    assert "there is no case PR-0000-0000" in answer.output


def test_a_folder_where_nothing_was_ever_begun_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHTLINE_HOME", str(tmp_path / "empty"))
    get_settings.cache_clear()
    try:
        answer = run("list")
    finally:
        get_settings.cache_clear()
    assert answer.exit_code == 1
    assert "there is nothing in" in answer.output
