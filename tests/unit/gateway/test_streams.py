"""Event streams: everything once, in order, quickly, and picked up again where they were left."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.conversations import log
from actions.database import Database
from bot.gateway import streams
from tests.unit.gateway.conftest import Chat, Running, serve, wait_for
from tests.unit.gateway.fakes import FakeEngine


class Listener:
    """Reads one stream in a thread."""

    def __init__(self, running: Running, chat: Chat, last: int | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        self.comments: list[str] = []
        self.ended = False
        self._client = httpx.Client(base_url=running.url, timeout=30, trust_env=False)
        headers = dict(chat.headers) | ({} if last is None else {"Last-Event-ID": str(last)})
        request = self._client.build_request("GET", f"/api/conversations/{chat.id}/events", headers=headers)
        self.response = self._client.send(request, stream=True)
        assert self.response.status_code == 200
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        event: dict[str, Any] = {}
        try:
            for line in self.response.iter_lines():
                name, _, value = line.partition(": ")
                if not line and event:
                    self.events.append(event | {"at": time.monotonic(), "data": json.loads(event["data"])})
                    event = {}
                elif line.startswith(":"):
                    self.comments.append(line)
                elif name in ("id", "event", "data"):
                    event[name] = value
            self.ended = True
        except httpx.HTTPError:
            pass

    @property
    def seqs(self) -> list[int]:
        return [event["data"]["seq"] for event in self.events if event["event"] == "message"]

    @property
    def pending(self) -> list[bool]:
        return [event["data"]["pending"] for event in self.events if event["event"] == "pending"]

    def close(self) -> None:
        # Before closing it: the thread that reads would keep it open.
        with suppress(OSError):
            self.response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self.response.close()
        self._client.close()


@contextmanager
def listening(running: Running, chat: Chat, last: int | None = None) -> Iterator[Listener]:
    listener = Listener(running, chat, last)
    try:
        yield listener
    finally:
        listener.close()


def test_a_stream_has_all_that_was_said_and_what_follows(shared: Running) -> None:
    chat = shared.open()
    with listening(shared, chat) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.response.headers["cache-control"] == "no-store"
        wait_for(lambda: stream.pending == [False])
        chat.send(text="hello")
        wait_for(lambda: stream.seqs == [1, 2, 3])
        wait_for(lambda: stream.pending[-1] is False)
        assert [event["id"] for event in stream.events if event["event"] == "message"] == ["1", "2", "3"]
        assert [event["data"] for event in stream.events if event["event"] == "message"] == chat.read()[
            "messages"
        ]


def test_pending_is_told_while_an_answer_is_worked_on(gateway: Running) -> None:
    gateway.engine.plan = ["wait"]
    chat = gateway.open()
    with listening(gateway, chat) as stream:
        chat.send(text="hello")
        wait_for(lambda: stream.pending and stream.pending[-1] is True)
        assert chat.read()["pending"] is True
        gateway.engine.go.set()
        wait_for(lambda: stream.pending[-1] is False)
        last = stream.events[-2:]
        assert [event["event"] for event in last] == ["message", "pending"]


def test_a_stream_goes_on_after_the_last_event_it_names(shared: Running) -> None:
    chat = shared.open()
    for text in ("one", "two", "three"):
        chat.send(text=text)
    chat.settled()
    with listening(shared, chat, last=4) as stream:
        wait_for(lambda: stream.pending)
        assert stream.seqs == [5, 6, 7]
    with listening(shared, chat, last=7) as stream:
        wait_for(lambda: stream.pending == [False])
        assert stream.events[0]["id"] == "7"
        assert stream.seqs == []


def test_what_another_process_says_is_seen_too(gateway: Running) -> None:
    chat = gateway.open()
    with listening(gateway, chat) as stream:
        wait_for(lambda: stream.seqs == [1])
        with gateway.database.write() as session:
            conversation = log.lock(session, chat.id)
            assert conversation is not None
            log.append(session, conversation, "agent", {"text": "Sam here"})
        wait_for(lambda: stream.seqs == [1, 2], 1)


def test_a_message_of_ours_reaches_its_stream_at_once(shared: Running) -> None:
    chat = shared.open()
    delays = []
    with listening(shared, chat) as stream:
        wait_for(lambda: stream.pending)
        for number in range(9):
            seen = len(stream.seqs)
            chat.send(text=f"message {number}")
            stored = time.monotonic()
            wait_for(lambda seen=seen: len(stream.seqs) > seen)
            arrived = [event["at"] for event in stream.events if event["event"] == "message"][seen]
            delays.append(arrived - stored)
            chat.settled()
    assert sorted(delays)[4] < 0.05


def test_many_streams_cost_one_query_a_look(gateway: Running) -> None:
    chats = [gateway.open() for _ in range(20)]
    listeners = [Listener(gateway, chat) for chat in chats]
    wait_for(lambda: all(listener.pending for listener in listeners))
    queries: list[str] = []
    from sqlalchemy import event

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "last_seq" in statement and "open_turns" in statement:
            queries.append(statement)

    event.listen(gateway.database.engine, "before_cursor_execute", count)
    time.sleep(1.0)
    looks = len(queries)
    event.remove(gateway.database.engine, "before_cursor_execute", count)
    assert 2 <= looks <= 10
    for number, (chat, listener) in enumerate(zip(chats, listeners, strict=True)):
        chat.send(text=f"this is message {number}")
        wait_for(lambda listener=listener: listener.seqs == [1, 2, 3])
        said = [event["data"]["text"] for event in listener.events if event["event"] == "message"]
        assert said[-1].endswith(f"message {number}")
        listener.close()


def test_silence_is_filled_with_heartbeats(gateway: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    with listening(gateway, gateway.open()) as stream:
        wait_for(lambda: len(stream.comments) > 3)


def test_streams_end_politely_when_the_gateway_stops(
    tmp_path: Path, database: Database, engine: FakeEngine
) -> None:
    with serve(tmp_path, database, engine) as running:
        listeners = [Listener(running, running.open()) for _ in range(5)]
        wait_for(lambda: all(listener.pending for listener in listeners))
        began = time.monotonic()
    assert time.monotonic() - began < 4.8
    wait_for(lambda: all(listener.ended for listener in listeners))


def test_a_stream_whose_reader_left_is_forgotten(gateway: Running) -> None:
    listeners = [Listener(gateway, gateway.open()) for _ in range(3)]
    kept = gateway.server._app.state.gateway.streams._subscriptions
    wait_for(lambda: len(kept) == 3)
    for listener in listeners:
        listener.close()
    wait_for(lambda: not kept)


def test_a_reader_that_does_not_read_is_let_go(gateway: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "STALLED_SECONDS", 0.2)
    chat = gateway.open()
    with gateway.database.write() as session:
        conversation = log.lock(session, chat.id)
        assert conversation is not None
        for _ in range(90):
            log.append(session, conversation, "assistant", {"text": "x" * 100_000})
    kept = gateway.server._app.state.gateway.streams._subscriptions
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(("127.0.0.1", gateway.client.base_url.port))
        lines = [f"GET /api/conversations/{chat.id}/events HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in chat.headers.items()]
        reader.sendall("\r\n".join([*lines, "", ""]).encode())
        wait_for(lambda: kept)
        wait_for(lambda: not kept)
