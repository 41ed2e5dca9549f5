"""What agents see over HTTP: never a private value, unless their role needs it and it is on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.audit.services import entries_about
from actions.conversations import intake, log
from actions.conversations.interfaces import TurnInput
from actions.database import Database
from actions.handover import desk_agents
from actions.handover import services as handovers
from actions.vault import services as vault
from tests.support.desk import open_the_desk
from tests.support.store import database
from tests.unit.gateway.conftest import Chat, Running, serve
from tests.unit.gateway.fakes import FakeEngine

__all__ = ["database"]
CANARY = "zelda.quark@canary.example"


@pytest.fixture(scope="session", autouse=True)
def pseudonymiser() -> None:
    intake.pseudonymiser()


@pytest.fixture
def running(tmp_path: Path, database: Database) -> Iterator[Running]:
    engine = FakeEngine(database)
    with serve(tmp_path, database, engine) as found:
        yield found
    engine.stop()


@pytest.fixture
def waiting(running: Running) -> Chat:
    """A contact who gave an address privately, typed it too, and wants a person."""
    open_the_desk(running.database)
    chat = running.open()
    with running.database.write() as session:
        vault.put(session, chat.id, "email", CANARY)
        conversation = log.lock(session, chat.id)
        assert conversation is not None
        log.append(session, conversation, "assistant", {"text": f"We wrote to {CANARY}."})
        card = {"title": "What we hold", "rows": [{"id": "email", "label": "Email", "value": CANARY}]}
        log.append(session, conversation, "assistant", {"text": "Here.", "card": card})
        handovers.request(session, conversation, seq=1)
    with running.database.write() as session:
        words = f"I am {CANARY}, help me"
        intake.accept(session, chat.id, TurnInput(text=words), to_person=handovers.heard)
    return chat


def token(running: Running, name: str, role: str) -> dict[str, str]:
    with running.database.write() as session:
        return {"Authorization": f"Bearer {desk_agents.invite(session, name, role, by='test')}"}


def get(running: Running, address: str, headers: dict[str, str]) -> dict[str, Any]:
    answer = running.client.get(f"/desk/api/{address}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def post(running: Running, address: str, headers: dict[str, str], **content: Any) -> httpx.Response:
    return running.client.post(f"/desk/api/{address}", headers=headers, json=content)


def test_without_a_token_or_with_a_revoked_one_there_is_nothing_to_see(
    running: Running, waiting: Chat
) -> None:
    sam = token(running, "sam", "agent")
    for headers in ({}, {"Authorization": "Bearer nonsense"}, waiting.headers):
        answer = running.client.get("/desk/api/queue", headers=headers)
        assert answer.status_code == 401
        assert "desk invite" in answer.json()["error"]["message"]
    with running.database.write() as session:
        desk_agents.revoke(session, "sam", by="test")
    assert running.client.get("/desk/api/queue", headers=sam).status_code == 401


def test_no_demo_agents_outside_the_demo(running: Running, waiting: Chat) -> None:
    assert post(running, "session", {}, agent="dana").status_code == 401


def test_a_conversation_is_read_veiled(running: Running, waiting: Chat) -> None:
    sam = token(running, "sam", "agent")
    queue = get(running, "queue", sam)
    assert [row["state"] for row in queue["waiting"]] == ["waiting"]
    identifier = queue["waiting"][0]["id"]
    seen = get(running, f"handovers/{identifier}", sam)
    assert CANARY not in str(queue) + str(seen)
    texts = [message["text"] for message in seen["messages"]]
    assert "I am EMAIL_1, help me" in texts
    assert "We wrote to EMAIL_1." in texts
    assert seen["identity"] == {"state": "not_proven"}
    assert seen["values"] == [{"placeholder": "EMAIL_1", "kind": "email", "may_reveal": True}]


def test_uncovering_a_value_needs_the_role_and_is_put_on_record(running: Running, waiting: Chat) -> None:
    sam, olive = token(running, "sam", "agent"), token(running, "olive", "observer")
    identifier = get(running, "queue", sam)["waiting"][0]["id"]
    refused = post(running, f"handovers/{identifier}/reveal", olive, placeholder="EMAIL_1")
    assert refused.status_code == 409
    assert "role" in refused.json()["error"]["message"]
    shown = post(running, f"handovers/{identifier}/reveal", sam, placeholder="EMAIL_1")
    assert shown.json() == {"placeholder": "EMAIL_1", "value": CANARY}
    unknown = post(running, f"handovers/{identifier}/reveal", sam, placeholder="EMAIL_9")
    assert unknown.status_code == 409
    with running.database.read() as session:
        entries = entries_about(session, handovers.subject(waiting.id))
    revealed = [entry for entry in entries if entry.action == "value_revealed"]
    assert [(entry.actor, entry.details) for entry in revealed] == [("sam", {"placeholder": "EMAIL_1"})]


def test_an_agents_words_reach_the_contact_and_the_contacts_reach_the_agent(
    running: Running, waiting: Chat
) -> None:
    sam = token(running, "sam", "agent")
    identifier = get(running, "queue", sam)["waiting"][0]["id"]
    early = post(running, f"handovers/{identifier}/reply", sam, text="Hello", key="1")
    assert early.status_code == 409
    assert "take it first" in early.json()["error"]["message"]
    assert post(running, f"handovers/{identifier}/take", sam).status_code == 200
    for _ in range(2):
        said = post(running, f"handovers/{identifier}/reply", sam, text="<b>Hello</b>", key="1")
        assert said.status_code == 200
    agents = [message for message in waiting.read()["messages"] if message["from"] == "agent"]
    assert [(message["text"], message["agent"]) for message in agents] == [("<b>Hello</b>", "sam")]
    assert waiting.send(text="and now?").status_code == 202
    assert waiting.read()["pending"] is False
    assert running.engine.received == [], "the assistant is not asked"
    seen = get(running, f"handovers/{identifier}", sam)
    assert seen["messages"][-1]["text"] == "and now?"
    assert post(running, f"handovers/{identifier}/hand-back", sam).status_code == 200
    assert waiting.send(text="hello assistant").status_code == 202
    assert waiting.settled()[-1]["from"] == "assistant"


@pytest.mark.parametrize(
    ("address", "content", "status"),
    [
        ("handovers/1/reply", {"text": "", "key": "1"}, 422),
        ("handovers/1/reply", {"text": "x"}, 422),
        ("handovers/1/reply", {"text": "x" * 8_001, "key": "1"}, 422),
        ("handovers/999/take", {}, 409),
        ("handovers/x/take", {}, 404),
        ("duty", {"on": "yes"}, 422),
        ("handovers/1/reveal", {"placeholder": 3}, 422),
    ],
)
def test_what_cannot_be_done_is_said(
    running: Running, waiting: Chat, address: str, content: dict[str, Any], status: int
) -> None:
    answer = post(running, address, token(running, "sam", "agent"), **content)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_duty_is_for_those_who_talk(running: Running, waiting: Chat) -> None:
    assert post(running, "duty", token(running, "olive", "observer"), on=True).status_code == 409
    sam = token(running, "sam", "agent")
    assert post(running, "duty", sam, on=True).status_code == 200
    assert get(running, "queue", sam)["agent"]["on_duty"] is True
