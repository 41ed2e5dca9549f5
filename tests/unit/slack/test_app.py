"""The app over its transports: who is let in, how fast Slack is answered, and what the logs do not hold."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from concurrent.futures import Future
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import select

from actions.audit.models import AuditEntry
from actions.clock.services import machine_now
from actions.slack.models import SlackDelivery
from bot.slack.answering import PATIENCE_SECONDS, PUT_BY_SECONDS, WORKERS, Answering
from bot.slack.app import create_app
from bot.slack.interfaces import SlackServices
from bot.slack.transports import LARGEST_BODY, http_app
from tests.unit.slack.conftest import DESK, STRANGER, TEAM

CANARY = "Zebedee Quillfeather"


def event(team: str = TEAM, **changes: Any) -> dict[str, Any]:
    inner = {"type": "app_mention", "user": STRANGER, "text": CANARY, "ts": "1.1", "channel": DESK}
    return {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": team,
        "event": inner | changes,
    }


@pytest.fixture
def app(services: SlackServices) -> App:
    return create_app(services, groups=())


def heard(app: App) -> list[str]:
    """The texts of every mention from now on."""
    texts: list[str] = []

    def listener(event: dict[str, Any]) -> None:
        texts.append(event["text"])

    app.event("app_mention")(listener)
    return texts


def signed(body: str, *, secret: str = "shhh", age: float = 0) -> dict[str, str]:
    at = str(int(machine_now().timestamp() - age))
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    assert signature is not None
    return {
        "content-type": "application/json",
        "x-slack-request-timestamp": at,
        "x-slack-signature": signature,
    }


def post(answering: Answering, body: str, headers: dict[str, str]) -> int:
    """The status of a request to `/slack/events`."""

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(http_app(answering))
        async with httpx.AsyncClient(transport=transport, base_url="http://slack.test") as http:
            return await http.post("/slack/events", content=body, headers=headers)

    return asyncio.run(request()).status_code


def test_only_signed_and_fresh_requests_are_heard(app: App, services: SlackServices) -> None:
    texts = heard(app)
    answering = Answering(app, services)
    body = json.dumps(event())
    for headers in (
        {"content-type": "application/json"},
        signed(body, secret="another"),
        signed(body, age=301),
        signed(body + " "),
    ):
        assert post(answering, body, headers) == 401
    assert texts == []
    assert post(answering, body, signed(body)) == 200
    assert texts == [CANARY]


def test_nothing_unsigned_is_put_by_when_everybody_is_busy(
    app: App, services: SlackServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.answering.PUT_BY_SECONDS", 30)
    go_on = threading.Event()

    def slow() -> None:
        assert go_on.wait(60)

    app.event("app_mention")(slow)
    answering = Answering(app, services, patience=0.01)
    try:
        busy = [event(event_ts=str(number)) | {"event_id": f"Busy{number}"} for number in range(WORKERS)]
        for each in busy:
            assert answering.answer(BoltRequest(mode="socket_mode", body=each)).status == 200
        for headers in ({}, {"x-slack-request-timestamp": "soon", "x-slack-signature": "v0=none"}):
            unsigned = json.dumps(event() | {"event_id": "Forged"})
            assert post(answering, unsigned, {"content-type": "application/json", **headers}) == 401
        waiting = json.dumps(event() | {"event_id": "Signed"})
        assert post(answering, waiting, signed(waiting)) == 200
    finally:
        go_on.set()
        answering.close()
    with services.database.read() as session:
        kept = set(session.scalars(select(SlackDelivery.key)))
    assert {"event:Signed", "event:Busy0"} <= kept
    assert "event:Forged" not in kept


def test_too_much_is_refused_before_it_is_read(app: App, services: SlackServices) -> None:
    answering = Answering(app, services)
    body = "x" * (LARGEST_BODY + 1)
    assert post(answering, body, signed(body)) == 413


@pytest.mark.parametrize(
    "stranger", [event("T0THEIRS"), event(user_team="T0THEIRS"), event(source_team="T0THEIRS")]
)
def test_another_workspace_is_refused_and_audited(
    app: App, services: SlackServices, stranger: dict[str, Any]
) -> None:
    texts = heard(app)
    answer = Answering(app, services).answer(BoltRequest(mode="socket_mode", body=stranger))
    assert (answer.status, texts) == (200, [])
    with services.database.read() as session:
        (entry,) = session.scalars(select(AuditEntry))
        assert (entry.action, entry.details) == ("slack_refused", {"why": "another_workspace"})
        assert STRANGER not in entry.subject


def test_slack_is_answered_while_the_work_goes_on(
    app: App, services: SlackServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    done: list[str] = []

    def slow(event: dict[str, Any]) -> None:
        assert go_on.wait(60)
        done.append(event["text"])

    app.event("app_mention")(slow)
    # However slow this machine's disk is: what is looked at is that the work is not waited for.
    monkeypatch.setattr("bot.slack.answering.PUT_BY_SECONDS", 30)
    answering = Answering(app, services, patience=0.05)
    try:
        answer = answering.answer(BoltRequest(mode="socket_mode", body=event()))
        assert (answer.status, done) == (200, [])
    finally:
        go_on.set()
        answering.close()
    assert done == [CANARY]


def test_slack_waits_no_longer_than_it_does() -> None:
    assert PATIENCE_SECONDS + PUT_BY_SECONDS < 3, "Slack gives a delivery up after three seconds"


def test_what_can_be_put_by_nowhere_is_sent_again(
    app: App, services: SlackServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    app.event("app_mention")(lambda: go_on.wait(60))
    monkeypatch.setattr("bot.slack.answering.PUT_BY_SECONDS", 0.05)
    monkeypatch.setattr(Answering, "_put_by", lambda _self, _request: go_on.wait(60))
    answering = Answering(app, services, patience=0.05)
    try:
        assert answering.answer(BoltRequest(mode="socket_mode", body=event())).status == 503
    finally:
        go_on.set()
        answering.close()


def test_work_that_ends_while_it_is_put_by_tells_its_outcome(
    app: App, services: SlackServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: Future[BoltResponse] = Future()

    def cannot(_self: Answering, _request: BoltRequest) -> bool:
        work.set_result(BoltResponse(status=200, body="seen"))
        return False

    monkeypatch.setattr("bot.slack.answering.PUT_BY_SECONDS", 30)
    monkeypatch.setattr(Answering, "_put_by", cannot)
    answering = Answering(app, services, patience=0.05)
    monkeypatch.setattr(answering._pool, "submit", lambda *_work: work)
    answer = answering.answer(BoltRequest(mode="socket_mode", body=event()))
    answering.close()
    assert (answer.status, answer.body) == (200, "seen")


def test_a_body_is_in_no_log(
    app: App,
    services: SlackServices,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def broken(event: dict[str, Any]) -> None:
        raise ValueError(event["text"])

    app.event("app_mention")(broken)
    answering = Answering(app, services)
    with caplog.at_level(logging.DEBUG):
        assert answering.answer(BoltRequest(mode="socket_mode", body=event())).status == 500
        # Nobody listens to this one, and that one is not signed: Bolt would quote both.
        assert answering.answer(BoltRequest(mode="socket_mode", body=event(type="message"))).status == 200
        body = json.dumps(event())
        post(answering, body, {"content-type": "application/json"})
    out, err = capfd.readouterr()
    assert "listener_failed" in out + err
    for form in (CANARY, quote(CANARY)):
        assert form not in out + err + caplog.text
