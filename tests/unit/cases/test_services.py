"""Cases on record."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from actions.audit.services import entries_about, verify
from actions.cases import services as cases
from actions.cases.interfaces import RIGHTS, TransitionRefused
from actions.cases.models import Case
from actions.database import Database
from tests.support.store import conversation, on_sqlite

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ADDRESS = "canary.case@hartwell.example"


def opened(session: Session, right: str = "erasure", **more: object) -> Case:
    return cases.open_case(session, right=right, conversation_id=None, received_at=ASKED, **more)  # type: ignore[arg-type]


def test_a_case_is_dated_from_the_first_words_and_leaves_a_trace(database: Database) -> None:
    with database.write() as session:
        case = opened(session, "access", address=ADDRESS, contact_id="priya")
    with database.read() as session:
        found = session.get_one(Case, case.id)
        assert (found.state, found.due_on, found.address, found.details) == (
            "draft",
            date(2026, 12, 23),
            ADDRESS,
            {},
        )
        assert cases.summary(found) == {
            "reference": case.reference,
            "right": "access",
            "state": "draft",
            "due": "2026-12-23",
        }
        (line,) = cases.history(session, found)
        assert (line.from_state, line.to_state, line.by) == (None, "draft", "assistant")
        (entry,) = entries_about(session, case.reference)
        assert entry.action == "case_opened"


@pytest.mark.parametrize("right", RIGHTS)
def test_every_right_can_be_opened(database: Database, right: str) -> None:
    with database.write() as session:
        assert opened(session, right).due_on > ASKED.date()


def test_what_is_no_right_or_no_beginning_is_refused(database: Database) -> None:
    with database.write() as session:
        with pytest.raises(ValueError, match="no right"):
            opened(session, "forgetting")
        with pytest.raises(ValueError, match="cannot begin"):
            opened(session, state="fulfilled")


def test_moving_writes_history_and_audit_and_closes(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        cases.move(session, case, "awaiting_identity", by="assistant")
        cases.move(session, case, "in_progress", by="contact", note="confirmed")
        cases.move(session, case, "fulfilled", by="worker")
    with database.read() as session:
        found = session.get_one(Case, case.id)
        assert found.closed_at is not None
        assert not found.is_open
        assert [(line.from_state, line.to_state, line.note) for line in cases.history(session, found)] == [
            (None, "draft", ""),
            ("draft", "awaiting_identity", ""),
            ("awaiting_identity", "in_progress", "confirmed"),
            ("in_progress", "fulfilled", ""),
        ]
        actions = [entry.action for entry in entries_about(session, case.reference)]
        assert actions == ["case_opened", "case_ask_for_identity", "case_start", "case_fulfil"]
        assert verify(session) is None


def test_a_refused_move_changes_nothing(database: Database) -> None:
    with database.write() as session:
        case = opened(session, state="awaiting_approval")
        with pytest.raises(TransitionRefused, match="Only a person"):
            cases.move(session, case, "refused", by="worker")
        with pytest.raises(TransitionRefused, match="without a reason"):
            cases.move(session, case, "refused", by="dana")
        cases.decide(session, case, "refused", by="dana", reason="We must keep it until March.")
        cases.move(session, case, "refused", by="dana")
        assert [line.to_state for line in cases.history(session, case)] == ["awaiting_approval", "refused"]
        assert (case.decided_by, case.decision) == ("dana", "refused")


def test_of_two_agents_one_is_told_that_the_other_was_faster(database: Database) -> None:
    with database.write() as session:
        case = opened(session, state="awaiting_approval")
    both_looking = threading.Barrier(2)
    results: list[str] = []

    def approve(name: str) -> None:
        with database.read() as reading:
            reading.get_one(Case, case.id)
        both_looking.wait(5)
        try:
            with database.write() as session:
                cases.move(session, session.get_one(Case, case.id), "in_progress", by=name)
            results.append("approved")
        except TransitionRefused as refusal:
            results.append(str(refusal))

    threads = [threading.Thread(target=approve, args=(name,)) for name in ("dana", "sam")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    refused, approved = sorted(results)
    assert approved == "approved"
    assert refused in (
        f"Case {case.reference} is in progress already.",
        f"Somebody else was faster: case {case.reference} is in progress now.",
    )


def test_a_move_from_a_state_that_is_past_is_refused_and_shows_the_present_one(database: Database) -> None:
    with database.write() as session:
        case = opened(session, state="awaiting_approval")
    stale = case
    with database.write() as session:
        cases.move(session, session.get_one(Case, case.id), "in_progress", by="dana")
    with database.write() as session:
        session.add(stale)
        with pytest.raises(TransitionRefused, match="Somebody else was faster"):
            cases.move(session, stale, "withdrawn", by="contact")
        assert stale.state == "in_progress"


def test_a_case_is_found_by_its_reference_as_people_say_it(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        said = case.reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        found = cases.by_reference(session, said)
        assert found is not None
        assert found.id == case.id
        assert cases.by_reference(session, "PR-0000-0000") is None
        assert cases.by_reference(session, "no reference") is None


def test_open_cases_of_a_conversation(database: Database) -> None:
    here, elsewhere = conversation(database), conversation(database)
    with database.write() as session:
        made = [
            cases.open_case(session, right=right, conversation_id=place, received_at=ASKED)
            for right, place in (("access", here), ("erasure", here), ("access", elsewhere))
        ]
        cases.move(session, made[0], "withdrawn", by="contact")
        assert [case.id for case in cases.open_of_conversation(session, here)] == [made[1].id]


def test_a_duplicate_is_the_same_right_about_the_same_address_while_open(database: Database) -> None:
    with database.write() as session:
        first = opened(session, address=ADDRESS, state="awaiting_identity")
        under_way = opened(session, address=ADDRESS.upper(), state="in_progress")
        opened(session, "access", address=ADDRESS)
        opened(session, address="other@hartwell.example")
        found = cases.open_duplicate(session, right="erasure", address=f" {ADDRESS} ")
        assert found is not None
        assert found.id == under_way.id, "one that is under way comes before an unverified one"
        cases.move(session, under_way, "fulfilled", by="worker")
        found = cases.open_duplicate(session, right="erasure", address=ADDRESS)
        assert found is not None
        assert found.id == first.id
        assert cases.open_duplicate(session, right="restriction", address=ADDRESS) is None


def test_the_list_begins_with_what_is_due_first(database: Database) -> None:
    with database.write() as session:
        late = cases.open_case(
            session, right="access", conversation_id=None, received_at=ASKED + timedelta(days=10)
        )
        early = opened(session)
        opened(session, state="awaiting_approval")
        assert [case.id for case in cases.listed(session, state="draft")] == [early.id, late.id]
        assert len(cases.listed(session)) == 3
        assert len(cases.listed(session, limit=1)) == 1
        with pytest.raises(ValueError, match="no case state"):
            cases.listed(session, state="lost")


def test_the_hash_outlives_the_address(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        assert case.address_hash is None
        case.address = ADDRESS
        case.address = None
        session.flush()
        assert [found.id for found in cases.of_address(session, ADDRESS)] == [case.id]


def test_details_keep_what_is_assigned_in_place(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
    with database.write() as session:
        found = session.get_one(Case, case.id)
        found.details["plan"] = {"keep": ["name"]}
    with database.read() as session:
        assert session.get_one(Case, case.id).details == {"plan": {"keep": ["name"]}}


@on_sqlite
def test_nothing_personal_lies_in_the_file(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        case = opened(session, address=ADDRESS, state="awaiting_approval")
        case.details["note"] = "canary-detail"
        cases.decide(session, case, "refused", by="dana", reason="canary-reason")
        cases.move(session, case, "refused", by="dana", note="see the reason")
    database.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("rightline.db*"))
    assert case.reference.encode() in stored
    assert b"canary" not in stored
