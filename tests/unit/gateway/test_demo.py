"""What only the demo has: everybody's mail, time travel, a look behind the scenes, a reset."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock.services import machine_now
from actions.crm.interfaces import CrmError
from actions.database import Database
from actions.fulfilment.models import Step
from actions.fulfilment.services import plan_step
from actions.preferences.services import suppress
from bot.demo import durations
from bot.supervisor.ports import free_ports
from tests.unit.gateway.conftest import Running, make_database, serve
from tests.unit.gateway.fakes import FakeEngine


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("demo")
    database = make_database(folder)
    engine = FakeEngine(database)
    (port,) = free_ports(1)
    with serve(folder, database, engine, demo=True, smtp_port=port) as running:
        yield running
    engine.stop()
    database.dispose()


@pytest.fixture(autouse=True)
def afresh(demo: Running) -> None:
    assert demo.client.post("/demo/reset").status_code == 200


def post(demo: Running, message_id: str = "<1@test.example>", to: str = "tom@northgate.example") -> None:
    mail = EmailMessage()
    mail["From"] = "Flexiva privacy <privacy@flexiva.example>"
    mail["To"] = to
    mail["Subject"] = "Your code – für Sie"
    mail["Message-ID"] = message_id
    mail.set_content("The code is 481 206.\nIt works once.\n")
    mail.add_alternative("<p>The code is 481 206.</p>", subtype="html")
    mail.add_attachment(b"a,b\r\n1,\xc3\xa9\r\n", maintype="text", subtype="csv", filename="data.csv")
    with smtplib.SMTP("127.0.0.1", demo.server._app.state.gateway.settings.smtp_port, timeout=5) as server:
        server.send_message(mail)


def state(demo: Running) -> dict[str, Any]:
    found: dict[str, Any] = demo.client.get("/demo/state.json").json()
    return found


def test_a_crm_that_does_not_answer_is_no_mistake(demo: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_session: Session) -> None:
        raise CrmError("Tryton did not answer in 10 s; look whether it runs")

    monkeypatch.setattr("bot.demo.state.crm.state", away)
    answer = demo.client.get("/demo/state.json")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable"
    assert answer.headers["retry-after"] == "5"


def test_a_mail_server_of_ones_own_keeps_its_port(tmp_path: Path) -> None:
    database = make_database(tmp_path)
    engine = FakeEngine(database)
    with socket.create_server(("127.0.0.1", 0)) as own:
        port = own.getsockname()[1]
        with serve(tmp_path, database, engine, demo=True, smtp_port=port, demo_mailbox=False) as running:
            assert running.client.get("/demo/mailbox.json").json() == {"messages": []}
    engine.stop()
    database.dispose()


def test_mail_is_kept_and_shown(demo: Running) -> None:
    post(demo)
    post(demo, "<2@test.example>", "priya@hartwell.example")
    first, second = demo.client.get("/demo/mailbox.json").json()["messages"]
    assert first.keys() == {"to", "subject", "text", "html", "attachments", "at"}
    assert first["to"] == "tom@northgate.example"
    assert first["subject"] == "Your code – für Sie"
    assert first["text"] == "The code is 481 206.\nIt works once.\n"
    assert "<p>" in first["html"]
    assert first["attachments"] == [{"name": "data.csv", "text": "a,b\r\n1,é\r\n"}]
    assert second["to"] == "priya@hartwell.example"


def test_a_mail_sent_again_after_a_kill_is_shown_once(demo: Running) -> None:
    post(demo)
    post(demo)
    assert len(demo.client.get("/demo/mailbox.json").json()["messages"]) == 1


def test_the_mailbox_is_a_page(demo: Running) -> None:
    answer = demo.client.get("/demo/mailbox")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_the_clock_goes_forward_for_everybody(demo: Running) -> None:
    before = machine_now()
    answer = demo.client.post("/demo/clock", json={"advance": "P1DT2H"})
    assert answer.status_code == 200
    moved = datetime.fromisoformat(answer.json()["now"]) - before
    assert timedelta(hours=26) <= moved < timedelta(hours=26, seconds=10)
    at = datetime.fromisoformat(demo.client.post("/api/conversations").json()["messages"][0]["at"])
    assert at - before >= timedelta(hours=26)
    demo.client.post("/demo/reset")
    at = datetime.fromisoformat(demo.client.post("/api/conversations").json()["messages"][0]["at"])
    assert at - before < timedelta(hours=1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"advance": 5}',
        b'{"advance": "1 day"}',
        b'{"advance": "-PT1M"}',
        b'{"advance": "P1M"}',
        b'{"advance": "PT1M", "more": 1}',
        b'{"advance": "P99999D"}',
    ],
)
def test_a_clock_that_cannot_go_so_says_so(demo: Running, body: bytes) -> None:
    assert demo.client.post("/demo/clock", content=body).status_code == 422


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT11M", timedelta(minutes=11)),
        ("P1D", timedelta(days=1)),
        ("P2W", timedelta(weeks=2)),
        ("PT0.5S", timedelta(seconds=0.5)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("P0DT660S", timedelta(minutes=11)),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert durations.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "1D", "P1H", "PT1D", "p1d", "P-1D", "P1Y", "PT1S ", "P٣D"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|years"):
        durations.parse(text)


def test_the_contacts_are_loaded_and_shown(demo: Running) -> None:
    found = state(demo)
    assert found.keys() == {"contacts", "cases", "preferences", "suppression", "tasks", "worker_busy"}
    assert {"tom", "priya", "grace", "ines", "jo", "lee", "omar", "ana"} <= found["contacts"].keys()
    assert found["contacts"]["tom"]["state"] == "active"
    assert found["cases"] == found["suppression"] == found["tasks"] == []


def test_suppressed_addresses_are_shown_where_the_demo_knows_them(demo: Running) -> None:
    post(demo, to="sasha@elsewhere.example")
    with demo.database.write() as session:
        for address in ("tom@northgate.example", "sasha@elsewhere.example", "nobody@knows.example"):
            suppress(session, "email", address, topics=["monthly_newsletter"], reason="objection")
    first, second, third = state(demo)["suppression"]
    assert (first, second) == ("tom@northgate.example", "sasha@elsewhere.example")
    assert "knows" not in third


def test_a_reset_forgets_everything(demo: Running) -> None:
    from actions.crm.models import Contact

    chat = demo.open()
    chat.send(text="hello")
    chat.settled()
    post(demo)
    before = state(demo)
    with demo.database.write() as session:
        tom = session.get(Contact, "tom")
        assert tom is not None
        tom.name = "Thomas"
    assert state(demo)["contacts"]["tom"]["fields"]["name"] == "Thomas"
    assert demo.client.post("/demo/reset", json={}).status_code == 200
    assert state(demo) == before
    assert demo.client.get("/demo/mailbox.json").json() == {"messages": []}
    address = f"/api/conversations/{chat.id}/messages"
    assert demo.client.get(address, headers=chat.headers).status_code == 404
    assert demo.open().send(text="hello").status_code == 202


def test_it_is_seen_whether_the_worker_has_something_to_do(demo: Running) -> None:
    assert state(demo)["worker_busy"] is False
    with demo.database.write() as session:
        plan_step(session, kind="mail", payload={}, key="the letter")
    assert state(demo)["worker_busy"] is True
    with demo.database.write() as session:
        step = session.scalars(select(Step)).one()
        step.state, step.lease_until = "running", machine_now() + timedelta(minutes=1)
    assert state(demo)["worker_busy"] is True
    with demo.database.write() as session:
        session.scalars(select(Step)).one().state = "done"
    assert state(demo)["worker_busy"] is False


def test_who_does_not_wait_for_a_reset_and_asks_again_comes_behind_it(
    demo: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once: list[int] = []
    most: list[int] = []

    def slowly(*_arguments: object, **_more: object) -> int:
        at_once.append(1)
        most.append(len(at_once))
        time.sleep(0.2)
        at_once.pop()
        return 0

    monkeypatch.setattr("actions.crm.demo.prepare", slowly)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: demo.client.post("/demo/reset").status_code, range(4)))
    assert answers == [200] * 4
    assert most == [1] * 4


def test_the_demo_is_not_described(demo: Running) -> None:
    assert "/demo" not in demo.client.get("/openapi.json").text


def test_a_mailbox_whose_port_is_taken_stops_the_gateway(
    tmp_path: Path, database: Database, demo: Running
) -> None:
    from bot.gateway.app import create_app

    settings = demo.server._app.state.gateway.settings.model_copy(update={"port": 0})
    app = create_app(settings, database)

    async def start() -> None:
        async with app.router.lifespan_context(app):
            pass

    import asyncio

    with pytest.raises(OSError, match="in use"):
        asyncio.run(start())
