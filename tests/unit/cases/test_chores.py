"""Requests that nobody finished, and review dates that have come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import clock
from actions.cases import chores
from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations import log
from actions.conversations.models import Conversation, Message
from actions.database import Database
from actions.fulfilment.models import Step
from actions.retention.rules import rules
from actions.tasks.models import Task
from tests.support.store import conversation

A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
REMIND, CLOSE = rules().drafts.remind_after.at_most, rules().drafts.close_after.at_most
ADDRESS = "priya@hartwell.example"


def begun(database: Database, right: str = "erasure", *, address: str | None = ADDRESS) -> tuple[str, int]:
    """A request that stopped at the question for proof: its conversation and its case."""
    place = conversation(database)
    with database.write() as session:
        at = clock.now(session)
        case = cases.open_case(session, right=right, conversation_id=place, received_at=at)
        session.add(
            Task(
                conversation_id=place,
                intent="erase",
                state="active",
                awaits="code",
                case_id=case.id,
                asked_at=at,
                data={"address": address} if address else {},
            )
        )
        session.get_one(Conversation, place).engine_session = "under-way"
        return place, case.id


def later(database: Database, by: timedelta) -> int:
    with database.write() as session:
        clock.advance(session, by)
        return chores.tend_drafts(session)


def letters(session: Session) -> list[dict[str, str]]:
    return [step.payload or {} for step in session.scalars(select(Step).where(Step.kind == "mail"))]


def test_who_left_a_request_unfinished_is_reminded_once(database: Database) -> None:
    begun(database)
    assert later(database, REMIND - A_MINUTE) == 0
    assert later(database, 2 * A_MINUTE) == 1
    assert later(database, A_DAY) == 0
    with database.read() as session:
        (letter,) = letters(session)
        assert letter["to"] == ADDRESS
        assert "began a request in our chat (deletion)" in letter["text"]
        assert "/" in letter["text"]
        case = session.scalars(select(Case)).one()
        assert case.reference not in letter["text"], "a reference is nobody's who has not shown who they are"
        assert case.state == "draft"


@pytest.mark.parametrize("why", ["no address", "their mail is read", "asked again", "for a person"])
def test_some_are_not_written_to(database: Database, why: str) -> None:
    right = "complaint" if why == "for a person" else "erasure"
    _place, number = begun(database, right, address=None if why == "no address" else ADDRESS)
    with database.write() as session:
        if why == "their mail is read":
            cases.add_tag(session, session.get_one(Case, number), chores.SAFE_CHANNEL, by="assistant")
        if why == "asked again":
            cases.open_case(
                session,
                right=right,
                conversation_id=None,
                received_at=clock.now(session),
                address=ADDRESS,
                state="in_progress",
            )
    assert later(database, REMIND + A_MINUTE) == 0
    with database.read() as session:
        assert letters(session) == []


def test_an_abandoned_request_is_closed_on_record_and_the_dialogue_about_it_ends(database: Database) -> None:
    place, number = begun(database)
    later(database, REMIND + A_MINUTE)
    assert later(database, CLOSE) == 1
    with database.read() as session:
        case = session.get_one(Case, number)
        assert (case.state, cases.history(session, case)[-1].by) == ("expired", "worker")
        assert session.scalars(select(Task.state)).all() == ["over"]
        assert session.get_one(Conversation, place).engine_session is None
        said = session.scalars(select(Message).where(Message.conversation_id == place)).all()[-1]
        assert case.reference in said.body["text"]
        assert len(letters(session)) == 1
    assert later(database, CLOSE) == 0


def test_who_is_still_talking_to_us_is_left_alone(database: Database) -> None:
    place, number = begun(database)
    with database.write() as session:
        clock.advance(session, CLOSE - A_MINUTE)
        chat = log.lock(session, place)
        assert chat is not None
        log.append(session, chat, "contact", {"text": "I'm back"})
    assert later(database, 2 * A_MINUTE) == 0
    with database.read() as session:
        assert session.get_one(Case, number).state == "draft"


@pytest.mark.parametrize("right", ["complaint", "breach_report"])
def test_what_needs_no_proof_goes_to_a_person_instead(database: Database, right: str) -> None:
    _place, number = begun(database, right)
    later(database, CLOSE + A_MINUTE)
    with database.read() as session:
        case = session.get_one(Case, number)
        assert case.state == "awaiting_approval"
        (task,) = cases.open_tasks(session, case=case)
        assert (task.kind, task.due_on) == ("review", case.due_on)


def test_a_case_that_got_further_is_no_draft(database: Database) -> None:
    with database.write() as session:
        cases.open_case(
            session,
            right="erasure",
            conversation_id=None,
            received_at=clock.now(session),
            state="awaiting_approval",
        )
    assert later(database, 10 * CLOSE) == 0


def test_a_review_date_that_has_come_is_a_task_once(database: Database) -> None:
    with database.write() as session:
        case = cases.open_case(
            session,
            right="erasure",
            conversation_id=None,
            received_at=clock.now(session),
            state="in_progress",
        )
        case.review_on = (clock.now(session) + timedelta(days=100)).date()
        assert chores.raise_reviews(session) == 0
        clock.advance(session, timedelta(days=101))
        assert chores.raise_reviews(session) == 1
        assert chores.raise_reviews(session) == 0
        (task,) = cases.open_tasks(session, kind="review_date")
        assert case.reference in task.text
