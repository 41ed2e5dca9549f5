"""A process that dies with a press in hand has done all of it or nothing, and the press is not lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import App, BoltRequest

from actions.cases import services as cases
from actions.clock import now
from actions.clock.services import advance
from actions.crm import services as crm_services
from actions.crm.embedded import EmbeddedCrm
from bot.slack import case_view, receipts
from bot.slack.answering import Answering
from bot.slack.app import create_app
from bot.slack.interfaces import Body, SlackServices
from bot.slack.performing import pack
from tests.unit.slack.conftest import APPROVER, DESK, TEAM

Press = Callable[[], int]


@pytest.fixture
def reference(services: SlackServices, monkeypatch: pytest.MonkeyPatch) -> str:
    crm = EmbeddedCrm(services.database)
    monkeypatch.setattr(crm_services, "get_crm", lambda: crm)
    with services.database.write() as session:
        case = cases.open_case(
            session,
            right="other",
            conversation_id=None,
            received_at=now(session),
            state="awaiting_approval",
            by="pat",
        )
        cases.place_hold(session, case=case, by="pat", reason="A claim.")
        return case.reference


@pytest.fixture
def app(services: SlackServices) -> App:
    return create_app(services)


def lifting(reference: str) -> Body:
    """A press on “Lift the hold”: as good as any, since lifting leaves one entry each time it is done."""
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": APPROVER, "team_id": TEAM},
        "api_app_id": "A1",
        "channel": {"id": DESK},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": DESK},
        "message": {"ts": "1.1"},
        "trigger_id": "1.2.3",
        "actions": [
            {
                "type": "button",
                "action_id": "release",
                "block_id": "b",
                "value": pack(case=reference),
                "action_ts": "17.1",
            }
        ],
    }


def lifted(services: SlackServices, reference: str) -> int:
    from sqlalchemy import func, select

    from actions.audit.models import AuditEntry

    with services.database.read() as session:
        query = select(func.count()).where(
            AuditEntry.subject == reference, AuditEntry.action == "hold_lifted"
        )
        return session.scalar(query) or 0


def answer(app: App, services: SlackServices, body: Body) -> int:
    answering = Answering(app, services)
    status = answering.answer(BoltRequest(mode="socket_mode", body=body)).status
    answering.close()
    return status


def died(*_given: Any, **_named: Any) -> None:
    raise RuntimeError("killed here")


def test_killed_before_the_commit(
    app: App, services: SlackServices, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = lifting(reference)
    with monkeypatch.context() as killed:
        killed.setattr("bot.slack.acting.hold.marked", died)
        assert answer(app, services, body) == 500
    assert lifted(services, reference) == 0
    assert answer(app, services, body) == 200
    assert lifted(services, reference) == 1


def test_killed_between_the_commit_and_the_answer(
    app: App, services: SlackServices, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = lifting(reference)
    with monkeypatch.context() as killed:
        killed.setattr(case_view, "after", died)
        assert answer(app, services, body) == 500
    assert lifted(services, reference) == 1
    assert answer(app, services, body) == 200
    assert lifted(services, reference) == 1


def test_killed_after_it_was_only_acknowledged(app: App, services: SlackServices, reference: str) -> None:
    body = lifting(reference)
    with services.database.write() as session:
        receipts.put_by(session, receipts.key_of(body), body)
    answering = Answering(app, services)
    assert answering.take_up_once() == 0
    with services.database.write() as session:
        advance(session, timedelta(minutes=1))
    assert answering.take_up_once() == 1
    assert lifted(services, reference) == 1
    assert answering.take_up_once() == 0
    assert answer(app, services, body) == 200
    assert lifted(services, reference) == 1


def test_what_fails_again_and_again_is_given_up_some_day(
    app: App, services: SlackServices, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = lifting(reference)
    monkeypatch.setattr("bot.slack.acting.hold.marked", died)
    with services.database.write() as session:
        receipts.put_by(session, receipts.key_of(body), body)
        advance(session, timedelta(minutes=1))
    answering = Answering(app, services)
    assert answering.take_up_once() == 1
    assert answering.take_up_once() == 1
    with services.database.write() as session:
        advance(session, timedelta(hours=1))
    assert answering.take_up_once() == 1
    assert answering.take_up_once() == 0
