"""Tasks for people."""

from __future__ import annotations

from datetime import UTC, date, datetime

from actions.audit.services import entries_about
from actions.cases import services as cases
from actions.cases import tasks
from actions.database import Database

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_a_task_is_raised_once_and_is_due_when_its_case_is(database: Database) -> None:
    with database.write() as session:
        case = cases.open_case(session, right="access", conversation_id=None, received_at=ASKED)
        task = tasks.raise_task(session, key="review-1", kind="review", text="Review the emails.", case=case)
        again = tasks.raise_task(session, key="review-1", kind="review", text="Review them.", case=case)
        assert again.id == task.id
        assert task.due_on == date(2026, 12, 23)
        assert [found.key for found in tasks.open_tasks(session, case=case)] == ["review-1"]


def test_a_task_done_is_done_once_and_audited(database: Database) -> None:
    with database.write() as session:
        task = tasks.raise_task(
            session, key="call-1", kind="call_back", text="Call back.", due_on=date(2026, 12, 1)
        )
        tasks.complete(session, task, by="dana")
        tasks.complete(session, task, by="sam")
        assert task.done_by == "dana"
        assert tasks.open_tasks(session) == []
    with database.read() as session:
        assert [entry.action for entry in entries_about(session, f"task-{task.id}")] == [
            "task_raised",
            "task_done",
        ]


def test_the_most_urgent_task_comes_first(database: Database) -> None:
    with database.write() as session:
        for key, due in (("b", date(2026, 12, 2)), ("a", date(2026, 12, 1))):
            tasks.raise_task(session, key=key, kind="review", text="Look.", due_on=due)
        assert [task.key for task in tasks.open_tasks(session)] == ["a", "b"]
