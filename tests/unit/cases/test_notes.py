"""What agents put beside a case."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from actions.audit.services import entries_about
from actions.cases import services as cases
from actions.cases.interfaces import ChangeRefused
from actions.cases.models import Case
from actions.database import Database
from tests.support.store import conversation, on_sqlite

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def opened(session: Session, right: str = "erasure", **more: object) -> Case:
    return cases.open_case(
        session,
        right=right,
        received_at=ASKED,
        **({"conversation_id": None, "state": "awaiting_approval"} | more),  # type: ignore[arg-type]
    )


def test_a_case_is_given_to_a_person_and_back(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        cases.assign(session, case, " dana ", by="sam")
        assert [found.id for found in cases.listed(session, assigned_to="dana")] == [case.id]
        cases.assign(session, case, None, by="dana")
        assert [found.id for found in cases.listed(session, assigned_to="")] == [case.id]
        with pytest.raises(ChangeRefused, match="Only a person"):
            cases.assign(session, case, "worker", by="dana")
    with database.read() as session:
        given = [
            entry.details["to"]
            for entry in entries_about(session, case.reference)
            if entry.action == "assigned"
        ]
    assert given == ["dana", None]


def test_tags_sort_cases_into_queues(database: Database) -> None:
    with database.write() as session:
        case, other = opened(session), opened(session)
        cases.add_tag(session, case, cases.RESTRICTED, by="assistant")
        cases.add_tag(session, case, cases.RESTRICTED, by="assistant")
        assert cases.tags_of(session, case) == ("restricted",)
        assert [found.id for found in cases.listed(session, tag="restricted")] == [case.id]
        assert [found.id for found in cases.listed(session, without_tag="restricted")] == [other.id]
        cases.remove_tag(session, case, "restricted", by="dana")
        assert cases.tags_of(session, case) == ()
        with pytest.raises(ChangeRefused, match="is no tag"):
            cases.add_tag(session, case, "Not a tag!", by="dana")


def test_requests_of_one_message_are_linked_and_those_of_another_are_not(database: Database) -> None:
    here = conversation(database)
    with database.write() as session:
        first, second = (opened(session, right, conversation_id=here) for right in ("access", "erasure"))
        later = cases.open_case(
            session, right="objection", conversation_id=here, received_at=ASKED.replace(hour=12)
        )
        assert cases.linked(session, first) == [(second, "same_message")]
        assert cases.linked(session, second) == [(first, "same_message")]
        assert cases.linked(session, later) == []


def test_a_request_found_inside_another_is_its_own_case_of_the_same_day_and_person(
    database: Database,
) -> None:
    with database.write() as session:
        complaint = opened(session, "complaint", address="priya@hartwell.example", contact_id="priya")
        found = cases.open_linked(session, complaint, "erasure", by="dana")
        assert (found.received_at, found.address, found.contact_id) == (
            ASKED,
            "priya@hartwell.example",
            "priya",
        )
        assert (found.state, found.right) == ("awaiting_approval", "erasure")
        assert cases.linked(session, complaint) == [(found, "same_message")]


def test_a_duplicate_joins_the_open_case(database: Database) -> None:
    with database.write() as session:
        running = opened(session, address="priya@hartwell.example")
        again = opened(session, address="priya@hartwell.example", state="awaiting_identity")
        found = cases.open_duplicate(
            session, right="erasure", address="Priya@hartwell.example", other_than=again
        )
        assert found is running
        cases.join(session, again, running)
        assert (again.state, running.state) == ("withdrawn", "awaiting_approval")
        assert cases.linked(session, again) == [(running, "duplicate")]
        assert cases.history(session, again)[-1].note == f"joins {running.reference}"


def test_a_case_is_not_linked_to_itself(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        with pytest.raises(ChangeRefused, match="itself"):
            cases.link(session, case, case, by="dana")


def test_what_was_searched_and_what_was_not_is_on_record_once_a_place(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        cases.record_search(session, case, "crm", by="assistant", found=1)
        cases.record_search(session, case, "backups", by="assistant", searched=False, note="Beyond use.")
        cases.record_search(session, case, "crm", by="dana", found=2)
        assert [
            (one.source, one.searched, one.found, one.by) for one in cases.searches_of(session, case)
        ] == [
            ("crm", True, 2, "dana"),
            ("backups", False, None, "assistant"),
        ]


def test_a_task_is_completed_with_what_came_of_it(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        task = cases.raise_task(session, key="k", kind="review", text="Read the emails.", case=case)
        assert cases.open_tasks(session, kind="manual_source") == []
        assert cases.open_tasks(session, kind="review") == [task]
        cases.complete(session, task, by="dana", note="Two names taken out.")
        assert [(note.kind, note.text) for note in cases.notes_of(session, case)] == [
            ("task", "Two names taken out.")
        ]
        assert cases.task_by_id(session, task.id) is task


@on_sqlite
def test_what_people_write_lies_encrypted_in_the_file(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        case = opened(session)
        cases.add_note(session, case, "canary-note", by="dana")
        cases.record_search(session, case, "mail", by="dana", note="canary-search")
        cases.place_hold(session, case=case, by="dana", reason="canary-hold")
        task = cases.raise_task(session, key="k", kind="review", text="Read.", case=case)
        cases.complete(session, task, by="dana", note="canary-task")
    database.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("rightline.db*"))
    assert case.reference.encode() in stored
    assert b"canary" not in stored
