"""The home tab: what is due, who may see it, what is stuck."""

from __future__ import annotations

from sqlalchemy import select

from actions.cases import services as cases
from bot.slack_standin.looking import words
from tests.slack.desk.conftest import DESK, PRIYA, Desk
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure


def test_home_has_counts_filters_and_pages(desk: Desk, chat: Chat) -> None:
    references = [ask_for_erasure(chat, PRIYA)]
    with desk.database.write() as session:
        for _ in range(12):
            case = cases.open_case(
                session,
                right="access",
                conversation_id=None,
                received_at=desk.case(references[0]).received_at,
                state="awaiting_approval",
                by="dana",
            )
            references.append(case.reference)
    dana = desk.person("dana")
    dana.opens_home()
    assert dana.home is not None
    first = words(dana.home)
    assert "*13* waiting for me" in first
    assert "Page 1 of 2, 13 in all" in first
    assert sum(reference in first for reference in references) == 10
    dana.press("home_next")
    assert sum(reference in words(dana.home) for reference in references) == 3
    dana.press("home_right", choose='{"right":"erasure"}')
    assert references[0] in words(dana.home)
    assert references[1] not in words(dana.home)
    dana.press("home_queue", choose='{"queue":"overdue"}')
    assert "Nothing is overdue" in words(dana.home)
    desk.person("nobody").opens_home()
    stranger = desk.person("nobody").home
    assert stranger is not None
    assert not any(reference in words(stranger) for reference in references)


def test_restricted_cases_are_for_the_officer(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    with desk.database.write() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        cases.add_tag(session, case, "restricted", by="dpo")
    desk.settle()
    assert desk.slack.channel(DESK).messages == []
    dana, officer = desk.person("dana"), desk.person("dpo")
    for person in (dana, officer):
        person.command("/privacy", reference, channel=DESK)
        person.opens_home()
    assert "no case" in words(dana.private)
    assert dana.home is not None
    assert reference not in words(dana.home)
    assert officer.home is not None
    assert reference in words(officer.home)
    assert "Erasure" in words(officer.private)


def test_a_stuck_step_is_tried_again(desk: Desk, chat: Chat) -> None:
    from actions.fulfilment.models import Step

    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana = desk.person("dana")
    dana.press("approve")
    with desk.database.write() as session:
        step = session.scalars(select(Step).where(Step.case_id == desk.case(reference).id)).first()
        assert step is not None
        step.state = "failed"
        stuck = step.id
    dana.command("/privacy", reference, channel=DESK)
    dana.press("retry")
    with desk.database.read() as session:
        assert session.get_one(Step, stuck).state == "planned"
    assert "tried again" in words(dana.private)
