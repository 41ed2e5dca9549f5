"""Agents decide cases from the command line, and are told clearly what cannot be done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.cases import services as cases
from actions.clock import now
from actions.database import Database
from actions.fulfilment.models import Step
from actions.fulfilment.services import plan_step, stuck_key
from actions.settings import get_settings
from bot.cli.cases import app
from tests.support.command_line import database

__all__ = ["database"]


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
    assert state_of(database, reference) == "in_progress"


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


def said(*arguments: str, code: int = 0) -> str:
    """What a command printed, on one line; it must end with that code."""
    answer = run(*arguments)
    assert answer.exit_code == code, answer.output
    return " ".join(answer.output.split())


def test_an_agent_asks_the_contact_and_notes_the_answer(database: Database) -> None:
    reference = waiting(database, right="access")
    asked = said("ask", reference, "--as", "dana", "--question", "Which years?")
    assert asked == f"{reference} waits for the contact; its clock stands still."
    assert "stands still" in said("list")
    assert "days until you answer aren't counted" in said("show", reference)
    assert "1 day not counted" in said("answered", reference, "--as", "dana", "--answer", "Since 2024.")
    shown = said("show", reference)
    assert "Which years?" in shown
    assert "Since 2024." in shown
    late = said("answered", reference, "--as", "dana", code=1)
    assert "no answer of the contact's is awaited" in late


def test_an_agent_extends_starts_later_and_names_the_law(database: Database) -> None:
    reference = waiting(database)
    assert "is due" in said("extend", reference, "--as", "dana", "--reason", "Eleven systems.")
    assert "extended already" in said("extend", reference, "--as", "dana", "--reason", "Again.", code=1)
    with database.read() as session:
        today = now(session).date().isoformat()
    assert "is due" in said("start", reference, "--as", "dana", "--reason", "Authority.", "--proof", today)
    assert "--first-words" in said("start", reference, "--as", "dana", "--reason", "Authority.", code=2)
    wrong = said("start", reference, "--as", "dana", "--reason", "A.", "--proof", "23 November", code=2)
    assert "--proof wants a date such as 2026-11-23, not '23 November'" in wrong
    assert "falls under eu law" in said("law", reference, "eu", "--as", "dana")
    assert "there are uk, eu, other" in said("law", reference, "mars", "--as", "dana", code=1)


def test_what_is_put_beside_a_case_is_shown_with_it(database: Database) -> None:
    reference, other = waiting(database), waiting(database, right="access")
    assert said("assign", reference, "sam", "--as", "dana") == f"{reference} is with sam."
    assert "Noted" in said("note", reference, "Called, no answer [yet].", "--as", "dana")
    assert said("link", reference, other, "--as", "dana") == f"{reference} and {other} are linked."
    said("searched", reference, "crm", "--found", "1", "--as", "dana")
    said("searched", reference, "backups", "--left-out", "--note", "Beyond use.", "--as", "dana")
    assert "--note" in said("searched", reference, "telephony", "--left-out", "--as", "dana", code=2)
    shown = said("show", reference)
    for part in (
        "with sam",
        "no answer [yet].",
        other,
        "crm: searched, 1 found",
        "backups: left out: Beyond use.",
    ):
        assert part in shown
    assert reference in said("list", "--assigned", "sam")
    assert reference not in said("list", "--assigned", "-")
    assert said("assign", reference, "-", "--as", "dana") == f"{reference} is with nobody."


def test_restricted_cases_are_not_in_the_common_list(database: Database) -> None:
    reference = waiting(database)
    assert "restricted" in said("tag", reference, "restricted", "--as", "dana")
    assert reference not in said("list")
    assert reference in said("list", "--tag", "restricted")
    assert "is no tag" in said("tag", reference, "No!", "--as", "dana", code=1)
    said("tag", reference, "restricted", "--remove", "--as", "dana")
    assert reference in said("list")


def test_a_legal_hold_is_placed_listed_and_lifted(database: Database) -> None:
    reference = waiting(database)
    assert "Hold 1 stands" in said("hold", reference, "--as", "dana", "--reason", "Court order.")
    assert "legal hold" in said("list")
    assert "under a legal hold" in said("approve", reference, "--as", "dana", code=1)
    assert state_of(database, reference) == "awaiting_approval"
    assert "Court order." in said("holds")
    assert "Hold 1 is lifted." in said("release", "1", "--as", "sam")
    assert said("holds") == "No legal hold stands."
    assert "there is no hold 7" in said("release", "7", "--as", "sam", code=1)


def test_a_request_by_letter_is_put_on_record_with_the_day_it_came(database: Database) -> None:
    with database.read() as session:
        day = now(session).date() - timedelta(days=5)
    opened = said(
        "open", "--as", "dana", "--right", "erasure", "--channel", "letter", "--received", day.isoformat(),
        "--address", "Priya@Hartwell.example", "--words", "Delete it all, please.",
    )  # fmt: skip
    reference = opened.split()[0]
    shown = said("show", reference)
    assert f"received {day}" in shown
    assert "Delete it all, please." in shown
    inside = said("open", "--as", "dana", "--right", "access", "--inside", reference).split()[0]
    assert f"{reference} (same message" in said("show", inside)
    assert "no right called 'forgetting'" in said("open", "--as", "dana", "--right", "forgetting", code=2)
    assert "is not here yet" in said(
        "open", "--as", "dana", "--right", "access", "--received", "2999-01-01", code=2
    )
    assert "is no email address" in said(
        "open", "--as", "dana", "--right", "access", "--address", "priya", code=2
    )


def test_tasks_are_listed_and_done(database: Database) -> None:
    reference = waiting(database)
    assert said("tasks") == "No tasks."
    with database.write() as session:
        case = cases.by_reference(session, reference)
        task = cases.raise_task(session, key="k", kind="manual_source", text="Search the mail.", case=case)
    assert "manual source" in said("tasks", "--case", reference)
    assert said("tasks", "--kind", "review") == "No tasks."
    assert (
        said("done", str(task.id), "--as", "dana", "--note", "Nothing there.") == f"Task {task.id} is done."
    )
    assert "Nothing there." in said("show", reference)
    assert "was done by dana" in said("done", str(task.id), "--as", "sam", code=1)
    assert "there is no task 99" in said("done", "99", "--as", "sam", code=1)


def test_a_stuck_step_is_tried_again_and_its_task_is_done(database: Database) -> None:
    reference = waiting(database)
    assert "no step" in said("retry", reference, "--as", "dana", code=1)
    with database.write() as session:
        case = cases.by_reference(session, reference)
        step = plan_step(session, kind="mail", payload={}, key="k", case=case)
        step.state = "failed"
        cases.raise_task(session, key=stuck_key(step.id), kind="stuck_step", text="Look.", case=case)
    assert said("retry", reference, "--as", "dana") == f"1 step of {reference} will be tried again."
    assert said("tasks") == "No tasks."
    with database.read() as session:
        assert session.get_one(Step, step.id).state == "planned"


def test_a_due_date_is_explained_step_by_step_with_its_sources(database: Database) -> None:
    reference = waiting(database, right="complaint")
    shown = said("why", reference)
    for part in ("DPA 2018 s.164A", "You asked on", "days", "due"):
        assert part in shown


def test_a_request_that_came_otherwise_is_acknowledged_by_letter_or_by_the_agent(database: Database) -> None:
    opened = said("open", "--as", "dana", "--right", "complaint", "--channel", "letter").split()[0]
    assert "has no address for a letter" in said("acknowledge", opened, "--as", "dana", code=1)
    assert said("acknowledge", opened, "--as", "dana", "--told", "by letter") == f"{opened} is acknowledged."
    assert "acknowledged" in said("list")


def test_an_agent_says_when_a_ground_is_looked_at_again(database: Database) -> None:
    reference = waiting(database)
    said_so = said("review-on", reference, "2999-11-23", "--as", "dana", "--reason", "The claim may be over.")
    assert said_so == f"{reference} is looked at again on 23 November 2999."
    assert "is past" in said("review-on", reference, "2020-01-01", "--as", "dana", "--reason", "R.", code=1)
    assert "DATE wants a date" in said(
        "review-on", reference, "soon", "--as", "dana", "--reason", "R.", code=2
    )
