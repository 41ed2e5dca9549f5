"""The conversation by mail: to a proven address, and to no other."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from actions.clock import now
from actions.conversations.models import Conversation
from actions.fulfilment.models import Step
from actions.identity.models import IdentityProof
from tests.unit.gateway.conftest import Running

ADDRESS = "tom@northgate.example"


def prove(running: Running, conversation_id: str) -> None:
    with running.database.write() as session:
        at = now(session)
        session.add(
            IdentityProof(
                conversation_id=conversation_id,
                address=ADDRESS,
                proven_at=at,
                expires_at=at + timedelta(minutes=30),
            )
        )


def test_without_a_proven_address_nothing_is_mailed(shared: Running) -> None:
    chat = shared.open()
    answer = chat.client.post(f"/api/conversations/{chat.id}/transcript", headers=chat.headers)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "identity_needed"
    wrong = chat.client.post(
        f"/api/conversations/{chat.id}/transcript", headers={"Authorization": "Bearer wrong"}
    )
    assert wrong.status_code == 401


def test_the_proven_address_gets_what_was_said_once(shared: Running) -> None:
    chat = shared.open()
    chat.send(text="what do you hold")
    chat.settled()
    prove(shared, chat.id)
    for _ in range(2):
        answer = chat.client.post(f"/api/conversations/{chat.id}/transcript", headers=chat.headers)
        assert answer.status_code == 202, answer.text
    with shared.database.read() as session:
        mails = [
            step.payload
            for step in session.scalars(select(Step).where(Step.key.like(f"transcript:{chat.id}%")))
        ]
    assert [mail["to"] for mail in mails if mail] == [ADDRESS]
    assert mails[0] is not None
    assert "visitor: what do you hold" in mails[0]["text"]


def test_a_time_zone_is_kept_and_nonsense_refused(shared: Running) -> None:
    opened = shared.client.post("/api/conversations", json={"time_zone": "Europe/Berlin"})
    assert opened.status_code == 201
    with shared.database.read() as session:
        found = session.get(Conversation, opened.json()["id"])
        assert found is not None
        assert found.time_zone == "Europe/Berlin"
    for wrong in ({"time_zone": "Mars/Crater"}, {"time_zone": 3}, {"zone": "Europe/Berlin"}):
        refused = shared.client.post("/api/conversations", json=wrong)
        assert refused.status_code == 422
        assert "time_zone" in refused.json()["error"]["message"]


def test_the_widget_comes_compressed_to_those_who_can_read_it(shared: Running) -> None:
    with_gzip = shared.client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    plain = shared.client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert with_gzip.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert with_gzip.content == plain.content
    assert int(with_gzip.headers["content-length"]) <= 20 * 1024
