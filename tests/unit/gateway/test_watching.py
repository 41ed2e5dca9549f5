"""What operators see: figures on a loopback port, one id in every log line, nothing personal in either."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import structlog
from prometheus_client import generate_latest
from structlog.testing import LogCapture

from actions import metrics
from actions.conversations.models import Conversation
from bot.gateway import bodies, patience
from tests.unit.gateway.conftest import Running, wait_for

CANARY = "zelda.quark@canary.example"


@pytest.fixture
def logs() -> Iterator[LogCapture]:
    """What is logged, with what is bound to each line."""
    before = structlog.get_config()
    kept = LogCapture()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, kept])
    yield kept
    structlog.configure(**before)


def test_figures_name_routes_and_never_ids_or_words(shared: Running) -> None:
    chat = shared.open()
    chat.send(text=f"I am {CANARY}")
    chat.settled()
    told = generate_latest().decode()
    assert 'rightline_requests_total{method="POST",route="/api/conversations",status="201"}' in told
    assert 'rightline_turn_seconds_count{outcome="answered"}' in told
    assert "rightline_turns_open 0.0" in told
    assert chat.id not in told
    assert CANARY not in told


def test_metrics_listen_on_loopback_only_and_only_when_asked_to() -> None:
    metrics.serve(0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    metrics.serve(port)
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False, timeout=5)
    assert "rightline_steps_total" in answer.text or "rightline_action_seconds" in answer.text
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.2:{port}/metrics", trust_env=False, timeout=5)


def test_every_request_and_turn_is_logged_under_an_id_without_words_ids_of_tokens_or_addresses(
    shared: Running, logs: LogCapture
) -> None:
    chat = shared.open()
    sent = chat.send(text=f"I am {CANARY}")
    chat.settled()
    # The answer can be read a moment before the attempt that brought it is written down.
    until = time.monotonic() + 10
    while time.monotonic() < until and not any(line["event"] == "turn_tried" for line in logs.entries):
        time.sleep(0.02)
    lines = list(logs.entries)
    requests = [line for line in lines if line["event"] == "request"]
    assert any(line["request"] == sent.headers["x-request-id"] for line in requests)
    assert any(line["route"] == "/api/conversations/{id}/messages" for line in requests)
    assert any(line["event"] == "turn_tried" and line["turn"] for line in lines)
    everything = json.dumps(lines, default=str)
    assert CANARY not in everything
    assert chat.token not in everything


def test_a_body_that_trickles_in_is_refused(shared: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_SECONDS", 0.3)
    host, port = shared.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as slow:
        slow.sendall(b"POST /api/conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        answer = slow.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 408")
    assert "did not arrive" in answer or "did not arrive" in answer + answer


def test_headers_that_never_end_close_the_connection(
    shared: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEADERS_SECONDS", 0.3)
    host, port = shared.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        began = time.monotonic()
        assert slow.recv(100) == b"", "closed without an answer"
        assert time.monotonic() - began < 8
    with socket.create_connection((host, int(port)), timeout=10) as quick:
        quick.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert quick.recv(100).startswith(b"HTTP/1.1 200")


def test_a_conversation_nobody_went_on_with_is_over(shared: Running) -> None:
    chat = shared.open()
    with shared.database.write() as session:
        found = session.get(Conversation, chat.id)
        assert found is not None
        found.active_at -= timedelta(days=15)
    answer = chat.send(text="hello again")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "conversation_over"
    assert (
        chat.client.get(
            f"/api/conversations/{chat.id}/messages", headers={"Authorization": "Bearer wrong"}
        ).status_code
        == 401
    )


def test_streams_beyond_the_limit_end_the_ones_before(shared: Running) -> None:
    chat = shared.open()
    streams = []
    with httpx.Client(base_url=shared.url, timeout=10, trust_env=False) as client:
        for _ in range(9):
            request = client.build_request(
                "GET", f"/api/conversations/{chat.id}/events", headers=chat.headers
            )
            answer = client.send(request, stream=True)
            assert answer.status_code == 200
            streams.append(answer)
        held = shared.server.config.app.state.gateway.streams
        wait_for(lambda: len(held._subscriptions[chat.id]) <= 8)
        for stream in streams:
            stream.close()
