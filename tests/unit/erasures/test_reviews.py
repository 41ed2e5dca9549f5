"""When a ground ends, the rest is erased and the contact told; by our clock, and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.cases import holds
from actions.cases.chores import raise_reviews
from actions.cases.models import AgentTask, Case
from actions.clock import now
from actions.crm.models import Contact, ServiceAgreement
from actions.erasures import services
from actions.erasures.models import DeferredErasure, Erasure
from actions.erasures.reviews import review
from tests.support.dialogue import Chat
from tests.support.erasing import approve, ask_for_erasure, days_later
from tests.support.working import PostOffice, work

PRIYA = "priya@hartwell.example"
ENDS_IN = timedelta(days=320)


@pytest.fixture
def reduced(chat: Chat, post_office: PostOffice) -> Chat:
    """A conversation whose contact was reduced to what an agreement keeps."""
    approve(chat, ask_for_erasure(chat, PRIYA))
    days_later(chat, 2)
    post_office.letters.clear()
    return chat


def state_of_priya(chat: Chat) -> str:
    with chat.database.read() as session:
        contact = session.get(Contact, "priya")
        return "erased" if contact is None else contact.state


def test_nothing_happens_while_the_agreement_lasts(reduced: Chat) -> None:
    for _ in range(3):
        assert review(reduced.database) == 0
        reduced.pass_time(timedelta(days=60))
    assert state_of_priya(reduced) == "reduced"


def test_the_end_of_the_agreement_erases_the_rest_and_says_so(reduced: Chat, post_office: PostOffice) -> None:
    reduced.pass_time(ENDS_IN)
    assert review(reduced.database) == 1
    assert review(reduced.database) == 0, "once"
    days_later(reduced, 2)
    assert state_of_priya(reduced) == "erased"
    (letter,) = post_office.to(PRIYA)
    assert letter.subject.startswith("The rest of your data is deleted now")
    assert len(post_office.to("privacy@brackenhill.example")) == 1, "whoever kept it for us hears of it too"
    with reduced.database.read() as session:
        (row,) = session.scalars(select(DeferredErasure)).all()
        assert row.state == "over"
        assert [record.keep for record in session.scalars(select(Erasure).order_by(Erasure.id))] == [
            ["name", "surname", "email", "company"],
            [],
        ]


def test_a_renewed_agreement_goes_on_keeping(reduced: Chat) -> None:
    with reduced.database.write() as session:
        later = session.get_one(ServiceAgreement, "hartwell-support")
        assert later.ends_on is not None
        later.ends_on += timedelta(days=365)
        expected = later.ends_on
    reduced.pass_time(ENDS_IN)
    assert review(reduced.database) == 0
    assert state_of_priya(reduced) == "reduced"
    with reduced.database.read() as session:
        assert session.scalars(select(DeferredErasure.review_on)).one() == expected


def test_an_agreement_ended_early_keeps_no_longer(reduced: Chat) -> None:
    with reduced.database.write() as session:
        session.get_one(ServiceAgreement, "hartwell-support").ends_on = now(session).date()
    reduced.pass_time(timedelta(days=2))
    assert review(reduced.database) == 1


def test_a_legal_hold_keeps_the_rest_however_long(reduced: Chat) -> None:
    with reduced.database.write() as session:
        hold = holds.place_hold(session, by="dana", reason="A claim is pending.", contact_id="priya")
    reduced.pass_time(ENDS_IN)
    assert review(reduced.database) == 0
    work(reduced.database)
    assert state_of_priya(reduced) == "reduced"
    with reduced.database.write() as session:
        holds.lift_hold(session, session.merge(hold), by="dana")
    reduced.pass_time(timedelta(days=1, hours=1))
    assert review(reduced.database) == 1


def test_any_other_ground_is_for_a_person_when_its_date_comes(reduced: Chat) -> None:
    with reduced.database.write() as session:
        row = session.scalars(select(DeferredErasure)).one()
        case = session.get_one(Case, row.case_id)
        session.delete(row)
        session.flush()
        services.defer(session, case, contact_id="priya", ground="legal_duty", review_on=row.review_on)
    for days, expected in ((310, 0), (11, 1), (11, 1)):
        reduced.pass_time(timedelta(days=days))
        assert review(reduced.database) == 0
        with reduced.database.write() as session:
            raise_reviews(session)
        assert len(tasks(reduced)) == expected
    assert state_of_priya(reduced) == "reduced"


def tasks(chat: Chat) -> list[str]:
    with chat.database.read() as session:
        return [task.text for task in session.scalars(select(AgentTask)) if task.kind == "review_date"]
