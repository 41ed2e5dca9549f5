"""The desk is told what it must not miss, each once; nothing is said when there is nothing to say."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import delete

from actions import clock
from actions.cases import services as cases
from actions.cases.deadlines import local_date, zone
from actions.cases.models import Case
from actions.cases.tasks import complete, raise_task
from actions.database import Database
from actions.identity.models import VerificationCode
from actions.slack.models import SlackCall, SlackPerson
from bot.slack import alerts
from bot.slack.alert_rules import AlertRules, alert_rules
from bot.slack.interfaces import SlackServices
from bot.slack.wording import sentences
from tests.support.store import conversation
from tests.unit.slack.conftest import AGENT, DEPUTY, DESK, DPO

ADDRESS = "zelda.quark@canary.example"


@pytest.fixture
def morning(database: Database) -> datetime:
    """Nine o'clock of a Tuesday."""
    return move_to(database, weekday=1, hour=9)


def move_to(database: Database, *, weekday: int, hour: int) -> datetime:
    with database.write() as session:
        local = clock.now(session).astimezone(zone())
        ahead = (weekday - local.weekday()) % 7 or 7
        target = (local + timedelta(days=ahead)).replace(hour=hour, minute=0, second=0, microsecond=0)
        return clock.advance(session, target - local)


def pass_days(database: Database, days: int) -> None:
    with database.write() as session:
        clock.advance(session, timedelta(days=days))


def open_case(database: Database, *, due_in: int, **given: Any) -> str:
    """A request that is due in so many days; returns its reference."""
    with database.write() as session:
        at = clock.now(session)
        case = cases.open_case(
            session,
            right=given.get("right", "erasure"),
            conversation_id=None,
            received_at=at,
            address=ADDRESS,
            state=given.get("state", "awaiting_approval"),
        )
        case.due_on = local_date(at) + timedelta(days=due_in)
        case.assigned_to = given.get("assigned_to")
        return case.reference


def told(database: Database, services: SlackServices) -> list[tuple[str, str]]:
    """Who is told what by one look, and everything that was put into the queue goes from it."""
    alerts.look(services)
    with database.read() as session:
        calls = session.query(SlackCall).filter(SlackCall.arguments.is_not(None)).order_by(SlackCall.id).all()
    with database.write() as session:
        for call in calls:
            session.get_one(SlackCall, call.id).arguments = None
    assert ADDRESS not in json.dumps([call.arguments for call in calls])
    return [(call.arguments["channel"], json.dumps(call.arguments["blocks"])) for call in calls]


def test_nothing_to_say_is_nothing_said(
    database: Database, services: SlackServices, morning: datetime
) -> None:
    assert told(database, services) == []
    open_case(database, due_in=30, state="draft")
    assert told(database, services) == []


def test_a_request_coming_due_is_told_at_seven_days_at_two_and_when_it_is_late(
    database: Database, services: SlackServices, morning: datetime
) -> None:
    reference = open_case(database, due_in=8, state="in_progress")
    seen = []
    for _day in range(11):
        seen.append([text for _to, text in told(database, services) if "This morning" not in text])
        assert alerts.look(services) == 0, "each once"
        pass_days(database, 1)
    about = [[text for text in day if reference in text] for day in seen]
    counts = [len(day) for day in about]
    # Tuesday to the Friday of the week after; on Saturday and Sunday the desk is closed.
    assert counts == [0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0]
    assert "in 7 days" in about[1][0]
    assert "in 2 days" in about[6][0]
    assert "overdue" in about[9][0]


def test_what_comes_due_at_the_weekend_waits_for_monday(database: Database, services: SlackServices) -> None:
    move_to(database, weekday=5, hour=10)
    open_case(database, due_in=2)
    assert told(database, services) == []
    pass_days(database, 2)
    assert any("is due *today*" in text for _to, text in told(database, services))


def test_before_the_morning_nobody_is_woken(database: Database, services: SlackServices) -> None:
    move_to(database, weekday=1, hour=7)
    open_case(database, due_in=1)
    assert told(database, services) == []


def test_whoever_has_the_request_is_told_and_everybody_once_it_is_late(
    database: Database, services: SlackServices, morning: datetime
) -> None:
    with database.write() as session:
        session.add(SlackPerson(user_id=AGENT, name="sam", seen_at=clock.now(session)))
    open_case(database, due_in=2, assigned_to="sam", state="in_progress")
    first = [to for to, text in told(database, services) if "in 2 days" in text]
    assert first == [AGENT]
    pass_days(database, 3 if clock_weekday(database) + 3 < 5 else 6)
    late = sorted(to for to, text in told(database, services) if "is overdue" in text)
    assert AGENT in late
    assert DESK in late


def clock_weekday(database: Database) -> int:
    with database.read() as session:
        return local_date(clock.now(session)).weekday()


def test_a_paused_clock_is_quiet(database: Database, services: SlackServices, morning: datetime) -> None:
    reference = open_case(database, due_in=20, right="access")
    with database.write() as session:
        case = session.query(Case).filter(Case.reference == reference).one()
        cases.ask_contact(session, case, "Which year?", by="dana")
        case.due_on = local_date(clock.now(session)) + timedelta(days=1)
    assert [text for _to, text in told(database, services) if "is due" in text] == []


def test_an_acknowledged_complaint_has_done_what_its_clock_asks_for(
    database: Database, services: SlackServices, morning: datetime
) -> None:
    reference = open_case(database, due_in=1, right="complaint")
    with database.write() as session:
        case = session.query(Case).filter(Case.reference == reference).one()
        case.acknowledged_at = clock.now(session)
    assert [text for _to, text in told(database, services) if "is due" in text] == []


def test_a_stuck_step_is_told_at_once_and_once(database: Database, services: SlackServices) -> None:
    move_to(database, weekday=6, hour=3)
    reference = open_case(database, due_in=25)
    with database.write() as session:
        case = session.query(Case).filter(Case.reference == reference).one()
        task = raise_task(session, key="s", kind="stuck_step", text="It is stuck.", case=case)
        raise_task(session, key="r", kind="review", text="Read it.", case=case)
    ((to, text),) = told(database, services)
    assert to == DESK
    assert f"A step of {reference} is stuck" in text
    assert told(database, services) == []
    with database.write() as session:
        complete(session, session.merge(task), by="dana")
    assert told(database, services) == []


def wrong_codes(database: Database, tries: int, *, each: int = 4, right: bool = False) -> None:
    chat = conversation(database)
    with database.write() as session:
        at = clock.now(session)
        for number in range(0, tries, each):
            session.add(
                VerificationCode(
                    conversation_id=chat,
                    address=ADDRESS,
                    address_hash=str(number),
                    code_hash="x",
                    sent_at=at,
                    expires_at=at,
                    tries_left=5 - each,
                    used_at=at if right else None,
                )
            )


def test_many_wrong_codes_are_told_once_until_there_are_as_many_again(
    database: Database, services: SlackServices
) -> None:
    wrong_codes(database, 12)
    assert told(database, services) == []
    wrong_codes(database, 4)
    ((_to, text),) = told(database, services)
    assert "16 wrong codes within 60 minutes" in text
    assert told(database, services) == []
    with database.write() as session:
        clock.advance(session, timedelta(minutes=2))
    wrong_codes(database, 16)
    assert len(told(database, services)) == 1
    with database.write() as session:
        session.execute(delete(VerificationCode))


def test_codes_that_were_right_are_no_wrong_ones(database: Database, services: SlackServices) -> None:
    wrong_codes(database, 40, each=1, right=True)
    assert told(database, services) == []


def test_the_digest_counts_what_there_is_and_names_what_is_urgent(
    database: Database, services: SlackServices, morning: datetime
) -> None:
    soon = open_case(database, due_in=3)
    late = open_case(database, due_in=-2, state="in_progress")
    far = open_case(database, due_in=25)
    (digest,) = [text for _to, text in told(database, services) if "This morning" in text]
    assert "*overdue:* 1" in digest
    assert "*due within 7 days:* 1" in digest
    assert "*waiting for a decision:* 2" in digest
    assert digest.index(late) < digest.index(soon)
    assert far not in digest
    assert "stuck" not in digest, "what is not there is not counted out"
    assert told(database, services) == []
    pass_days(database, 1)
    assert len([text for _to, text in told(database, services) if "This morning" in text]) == 1


def test_a_digest_that_missed_its_morning_is_left_out(database: Database, services: SlackServices) -> None:
    move_to(database, weekday=2, hour=15)
    open_case(database, due_in=20)
    assert told(database, services) == []


def test_two_processes_tell_it_once(database: Database, services: SlackServices, morning: datetime) -> None:
    open_case(database, due_in=2, state="in_progress")
    assert alerts.look(services) == 2
    assert alerts.look(services) == 0


def test_every_kind_of_task_that_is_told_has_its_words() -> None:
    assert [kind for kind in alert_rules().tasks if f"alert.{kind}" not in sentences()] == []


@pytest.mark.parametrize(
    "change", [{"morning": "24:30"}, {"due_in_days": []}, {"wrong_codes": 0}, {"more": 1}]
)
def test_rules_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AlertRules.model_validate(alert_rules().model_dump() | change)


def test_the_officer_is_told_directly_of_what_the_rules_ask_them_for(
    database: Database, services: SlackServices, morning: datetime
) -> None:
    reference = open_case(database, due_in=30)
    with database.write() as session:
        case = cases.by_reference(session, reference)
        for kind in ("breach", "sign_off", "other_law", "stuck_step", "review"):
            raise_task(session, key=kind, kind=kind, text="Look.", case=case)
    said = [(to, text) for to, text in told(database, services) if "This morning" not in text]
    directly = [text for to, text in said if to == DPO]
    assert len(directly) == 3
    assert "72 hours" in directly[0]
    assert "your word as data protection officer" in directly[1]
    assert "another law" in directly[2]
    # A breach and a stuck step are everybody's business too.
    assert len([to for to, _text in said if to == DESK]) == 2
    assert len(said) == 5
    with database.write() as session:
        session.add(SlackPerson(user_id=DPO, name="kim", seen_at=clock.now(session)))
        session.get_one(SlackPerson, DPO).away_since = clock.now(session)
        raise_task(session, key="another", kind="sign_off", text="Look.", case=None)
    to = [to for to, text in told(database, services) if "no request" in text]
    assert sorted(to) == sorted([DPO, DEPUTY])


def test_where_nobody_is_the_officer_everybody_is_told(
    database: Database, make_services: Callable[..., SlackServices], morning: datetime
) -> None:
    services = make_services(slack_roles={"agent": [AGENT]})
    with database.write() as session:
        raise_task(session, key="one", kind="sign_off", text="Look.")
    assert [to for to, text in told(database, services) if "officer" in text] == [DESK]
