"""Pages, health, vocabulary, description, headers and other origins."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from actions.cases.interfaces import CASE_STATES, RIGHTS
from actions.clock.services import machine_now
from actions.database import Database
from actions.slack.models import SlackHeartbeat
from bot.gateway.vocabulary import INTENTS
from tests.unit.gateway.conftest import Running, serve
from tests.unit.gateway.fakes import FakeEngine

METHODS = ("get", "post", "put", "delete", "patch")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/widget.js", "text/javascript"),
        ("/static/page.js", "text/javascript"),
        ("/static/page.css", "text/css"),
    ],
)
def test_pages_are_served_strictly(shared: Running, path: str, kind: str) -> None:
    answer = shared.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-cache"
    again = shared.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_page_asks_for_nothing_its_policy_forbids(shared: Running) -> None:
    page = shared.client.get("/").text
    assert "<script>" not in page
    assert not re.search(r"""\son\w+=|style=|src=["']https?:""", page)
    for address in re.findall(r"""(?:src|href)=["'](/[^"'#]+)["']""", page):
        if not address.startswith("/demo"):
            assert shared.client.get(address).status_code == 200, address


def test_the_widget_is_for_other_origins_too(shared: Running) -> None:
    for path in ("/widget.js", "/static/icon.svg"):
        answer = shared.client.get(path, headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_answers_are_never_stored_and_never_run(shared: Running) -> None:
    for path in ("/api/vocabulary", "/healthz", "/readyz", "/openapi.json", "/api/nothing"):
        answer = shared.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in answer.headers


def test_other_origins_may_not_talk_to_it_unless_they_are_named(shared: Running) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    refused = shared.client.post("/api/conversations", headers=origin)
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "origin_not_allowed"
    assert "access-control-allow-origin" not in refused.headers
    own = shared.client.post("/api/conversations", headers={"Origin": shared.url})
    assert own.status_code == 201
    preflight = {**origin, "Access-Control-Request-Method": "POST"}
    answer = shared.client.options("/api/conversations", headers=preflight)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_origins_that_are_named_may_talk_to_it(tmp_path: Any, database: Any, engine: Any) -> None:
    from tests.unit.gateway.conftest import serve

    with serve(tmp_path, database, engine, allowed_origins=["https://shop.example"]) as running:
        origin = {"Origin": "https://shop.example"}
        preflight = running.client.options(
            "/api/conversations/x/messages", headers={**origin, "Access-Control-Request-Method": "POST"}
        )
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == "https://shop.example"
        assert "authorization" in preflight.headers["access-control-allow-headers"]
        answer = running.client.post("/api/conversations", headers=origin)
        assert answer.status_code == 201
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        assert answer.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in answer.headers
        other = running.client.post(
            "/api/conversations", headers={"Origin": "https://shop.example.evil.example"}
        )
        assert other.status_code == 403
        assert "access-control-allow-origin" not in other.headers


def test_healthy_is_who_accepts_and_ready_is_who_answers(gateway: Running) -> None:
    assert gateway.client.get("/healthz").json() == {"status": "ok"}
    answer = gateway.client.get("/readyz")
    assert answer.status_code == 503
    parts = {"database": "ready", "engine": "ready", "actions": "ready", "worker": "down"}
    assert answer.json() == {"ready": False, "parts": parts}
    from actions.worker.services import beat

    with gateway.database.write() as session:
        beat(session, "somebody")
    assert gateway.client.get("/readyz").json() == {"ready": True, "parts": parts | {"worker": "ready"}}
    assert gateway.client.get("/readyz").status_code == 200
    gateway.engine.model = None
    gateway.engine.healthy = False
    assert gateway.client.get("/readyz").json()["parts"] == {
        "database": "ready",
        "engine": "starting",
        "actions": "starting",
        "worker": "ready",
    }
    gateway.engine.stop()
    assert gateway.client.get("/readyz").json()["parts"]["engine"] == "down"


def test_the_vocabulary_is_the_contracts(shared: Running) -> None:
    words = shared.client.get("/api/vocabulary").json()
    assert words.keys() == {
        "intents",
        "rights",
        "case_states",
        "contact_states",
        "choice_ids",
        "fields",
        "topics",
        "channels",
    }
    assert words["intents"] == list(INTENTS)
    assert len(words["intents"]) == 31
    assert words["rights"] == list(RIGHTS)
    assert words["case_states"] == list(CASE_STATES)
    assert words["contact_states"] == ["active", "restricted", "reduced", "anonymised", "erased"]
    assert words["fields"] == ["email", "code", "phone", "name", "value"]
    named = {
        "confirm",
        "cancel",
        "copy_first",
        "erase",
        "not_now",
        "resend_code",
        "no_mailbox",
        "talk_to_human",
    }
    assert named | {"leave_message", "why_date", "undo", "something_else"} <= set(words["choice_ids"])
    assert set(words["topics"]) == {
        "monthly_newsletter",
        "technology_updates",
        "technical_support_updates",
        "sales_and_marketing",
    }
    assert set(words["channels"]) == {"email", "telephone", "sms", "portal", "chat", "push"}


def test_the_description_covers_every_address_and_answer(shared: Running) -> None:
    described = shared.client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/conversations",
        "/api/conversations/{id}/messages",
        "/api/conversations/{id}/events",
        "/api/conversations/{id}/transcript",
        "/api/vocabulary",
        "/healthz",
        "/readyz",
    }
    operations = {
        operation["operationId"]: operation
        for path in described["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    }
    assert {name: " ".join(sorted(operation["responses"])) for name, operation in operations.items()} == {
        "open_conversation": "201 408 413 422 429 500 503",
        "send_message": "202 401 404 408 409 413 422 429 500 503",
        "mail_transcript": "202 401 404 408 409 413 422 429 500 503",
        "read_messages": "200 401 404 422 500 503",
        "follow": "200 401 404 422 500 503",
        "read_vocabulary": "200 500 503",
        "is_alive": "200 500 503",
        "is_ready": "200 500 503",
    }
    for name in ("send_message", "read_messages", "follow"):
        assert operations[name]["security"] == [{"token": []}]
    schemas = described["components"]["schemas"]
    for reference in re.findall(r"#/components/schemas/(\w+)", shared.client.get("/openapi.json").text):
        assert reference in schemas


def test_what_is_answered_is_as_described(shared: Running) -> None:
    from jsonschema import Draft202012Validator

    described = shared.client.get("/openapi.json").json()

    def check(name: str, content: Any) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        Draft202012Validator(schema).validate(content)

    check("Conversation", shared.client.post("/api/conversations").json())
    chat = shared.open()
    check("Accepted", chat.send(choice="erase").json())
    chat.settled()
    check("Messages", chat.read())
    check("Vocabulary", shared.client.get("/api/vocabulary").json())
    check("Readiness", shared.client.get("/readyz").json())
    check("Error", chat.send(text=7).json())


def test_where_slack_is_served_its_app_is_a_part(
    tmp_path: Path, database: Database, engine: FakeEngine
) -> None:
    from actions.slack.presence import beat, stop

    def slack(running: Running) -> str:
        return str(running.client.get("/readyz").json()["parts"]["slack"])

    with serve(tmp_path, database, engine, slack_bot_token="xoxb-ours") as running:
        assert slack(running) == "down"
        for connected, state in ((False, "starting"), (True, "ready")):
            with database.write() as session:
                beat(session, "the process", is_connected=connected)
            assert slack(running) == state
        with database.write() as session:
            session.execute(update(SlackHeartbeat).values(at=machine_now() - timedelta(seconds=11)))
        assert slack(running) == "down"
        with database.write() as session:
            beat(session, "the process", is_connected=True)
            stop(session, "the process")
        assert slack(running) == "down"
