"""A ticket for each case: opened once it is a request, told of every move, closed at the end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.clock import now
from actions.clock.services import advance
from actions.database import Database
from actions.fulfilment.models import Step
from actions.helpdesk import case_tickets, services
from actions.helpdesk.embedded import EmbeddedHelpdesk
from actions.helpdesk.interfaces import HelpdeskError, HelpdeskUnusable
from actions.helpdesk.models import CaseTicket, HelpdeskComment, HelpdeskTicket
from tests.support.working import work

ADDRESS = "tom@northgate.example"


@pytest.fixture(autouse=True)
def _desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "get_helpdesk", lambda: EmbeddedHelpdesk(database))


def opened(session: Session, state: str = "draft") -> Case:
    return cases.open_case(
        session,
        right="erasure",
        conversation_id=None,
        received_at=now(session),
        address=ADDRESS,
        state=state,
    )


def tickets(database: Database) -> list[HelpdeskTicket]:
    with database.read() as session:
        return list(session.scalars(select(HelpdeskTicket).order_by(HelpdeskTicket.id)))


def said(database: Database) -> list[str]:
    with database.read() as session:
        return [
            row.text or "" for row in session.scalars(select(HelpdeskComment).order_by(HelpdeskComment.id))
        ]


def test_a_request_nobody_has_proved_or_finished_has_no_ticket(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        cases.move(session, case, "awaiting_identity", by="assistant")
        cases.move(session, case, "expired", by="worker")
    assert work(database) == []
    assert tickets(database) == []


def test_a_case_has_one_ticket_that_hears_of_every_move_and_is_closed_with_it(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        cases.move(session, case, "awaiting_approval", by="contact")
    work(database)
    (ticket,) = tickets(database)
    assert case.reference in ticket.subject
    assert ticket.state == "open"
    with database.write() as session:
        case = session.get_one(Case, case.id)
        cases.move(session, case, "in_progress", by="dana", note="looked at twice")
        cases.move(session, case, "fulfilled", by="worker")
    work(database)
    (ticket,) = tickets(database)
    assert ticket.state == "resolved"
    comments = said(database)
    assert len(comments) == 4
    assert "A person approved it" in comments[2]
    assert "by dana (looked at twice)" in comments[2]
    assert "fulfilled" in comments[3]


def test_the_ticket_names_nobody(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        cases.move(session, case, "in_progress", by="contact")
    work(database)
    (ticket,) = tickets(database)
    assert ticket.requestor is None
    words = " ".join([ticket.subject, ticket.body or "", *said(database)])
    assert "northgate" not in words
    assert list(EmbeddedHelpdesk(database).find_by_requestor(ADDRESS)) == []


def test_moves_in_one_go_are_all_told_once_in_order(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        for state in ("awaiting_approval", "in_progress", "fulfilled"):
            cases.move(session, case, state, by="dana")
    assert work(database) == [case_tickets.KIND] * 3
    comments = said(database)
    assert [words.split("It is ")[1].split(" now")[0] for words in comments] == [
        "draft",
        "awaiting approval",
        "in progress",
        "fulfilled",
    ]


def test_whoever_finds_another_at_the_ticket_leaves_the_news_to_them(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        cases.move(session, case, "in_progress", by="contact")
        first = session.scalars(select(Step).where(Step.kind == case_tickets.KIND)).one()
        first.state = "running"
        assert case_tickets.begin(session, case.id, first.id)
        told = case_tickets.news(session, case.id)
    assert told is not None
    with database.write() as session:
        cases.move(session, session.get_one(Case, case.id), "fulfilled", by="worker")
    assert work(database) == [case_tickets.KIND]
    assert tickets(database) == []
    ticket_id = case_tickets.tell(EmbeddedHelpdesk(database), told)
    with database.write() as session:
        assert not case_tickets.end(session, case.id, ticket_id, told), "it moved on meanwhile"
        more = case_tickets.news(session, case.id)
    assert more is not None
    assert case_tickets.tell(EmbeddedHelpdesk(database), more) == ticket_id
    with database.write() as session:
        assert case_tickets.end(session, case.id, ticket_id, more)
    (ticket,) = tickets(database)
    assert (ticket.state, len(said(database))) == ("resolved", 3)


class Faltering:
    """A helpdesk that fails at a given call, once; everything else reaches the real one."""

    def __init__(self, real: EmbeddedHelpdesk, at: str, error: Exception, *, after: bool) -> None:
        self._real, self._at, self._error, self._after = real, at, error, after

    def __getattr__(self, name: str) -> object:
        def call(*arguments: object, **more: object) -> object:
            if name != self._at or self._error is None:
                return getattr(self._real, name)(*arguments, **more)
            error, self._error = self._error, None  # type: ignore[assignment]
            if self._after:
                getattr(self._real, name)(*arguments, **more)
            raise error

        return call


@pytest.mark.parametrize("call", ["create_ticket", "comment", "resolve"])
@pytest.mark.parametrize("after", [False, True], ids=["not-done", "done-but-unheard"])
def test_what_fails_half_way_is_finished_later_and_nothing_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch, call: str, after: bool
) -> None:
    real = EmbeddedHelpdesk(database)
    faltering = Faltering(real, call, HelpdeskError("the helpdesk is asleep"), after=after)
    monkeypatch.setattr(services, "get_helpdesk", lambda: faltering)
    with database.write() as session:
        case = opened(session)
        cases.move(session, case, "in_progress", by="contact")
        cases.move(session, case, "fulfilled", by="worker")
    work(database)
    with database.write() as session:
        steps = session.scalars(select(Step).where(Step.kind == case_tickets.KIND).order_by(Step.id)).all()
        assert (steps[0].state, steps[0].last_error) == ("planned", "the helpdesk is asleep")
        steps[0].retry_at = None
    work(database)
    (ticket,) = tickets(database)
    assert ticket.state == "resolved"
    assert len(said(database)) == 3


def test_what_an_operator_must_mend_is_said_at_once_and_goes_on_by_itself(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = HelpdeskUnusable("the helpdesk refuses our token: put RIGHTLINE_RT_TOKEN right")
    faltering = Faltering(EmbeddedHelpdesk(database), "create_ticket", broken, after=False)
    monkeypatch.setattr(services, "get_helpdesk", lambda: faltering)
    with database.write() as session:
        case = opened(session)
        cases.move(session, case, "in_progress", by="contact")
    work(database)
    with database.read() as session:
        (task,) = cases.open_tasks(session)
    assert "RIGHTLINE_RT_TOKEN" in task.text
    assert tickets(database) == []
    with database.write() as session:
        advance(session, timedelta(hours=1))
    work(database)
    assert len(tickets(database)) == 1
    with database.read() as session:
        assert cases.open_tasks(session) == []


def test_the_ticket_is_let_go_with_the_case(database: Database) -> None:
    with database.write() as session:
        case = opened(session)
        cases.move(session, case, "in_progress", by="contact")
    work(database)
    with database.write() as session:
        assert session.get(CaseTicket, case.id) is not None
        session.delete(session.get_one(Case, case.id))
    with database.read() as session:
        assert session.get(CaseTicket, case.id) is None


def test_a_case_that_is_gone_needs_no_ticket(database: Database) -> None:
    with database.read() as session:
        assert case_tickets.news(session, 4711) is None


def test_dates_are_said_with_their_zone(database: Database) -> None:
    with database.write() as session:
        case = opened(session, "awaiting_approval")
        session.flush()
        told = case_tickets.news(session, case.id)
    assert told is not None
    assert isinstance(case.received_at, datetime)
    assert f"{case.received_at:%Y-%m-%d %H:%M} UTC" in told.body
