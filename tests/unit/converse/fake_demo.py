"""A tiny demo over real HTTP, whose assistant says what a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Message = dict[str, Any]
GREETING = {"text": "Hello.", "choices": [{"id": "access", "label": "See what you hold"}]}


@dataclass
class FakeDemo:
    """What it knows and what it was told.

    Attributes:
        answer: called with each body a contact sends; returns the assistant's messages.
        late: messages that come by themselves, a while after an answer.
        refuse: by text, the status and code it is refused with.
        now: the time written on messages.
        only_production: whether the demo's own addresses are missing.
        away: how often its CRM does not answer.
    """

    answer: Callable[[dict[str, Any]], list[Message]] = lambda _body: [{"text": "All right."}]
    late: list[Message] = field(default_factory=list)
    refuse: dict[str, tuple[int, str]] = field(default_factory=dict)
    mail: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(
        default_factory=lambda: {"contacts": {"tom": {"state": "active"}}, "cases": [], "suppression": []}
    )
    now: str = "2026-11-23T12:00:00.000Z"
    resets: int = 0
    advanced: list[str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    logs: dict[str, list[Message]] = field(default_factory=dict)
    never_answers: bool = False
    only_production: bool = False
    away: int = 0
    address: str = ""

    def say(self, conversation: str, message: Message) -> int:
        """Append to a conversation's log."""
        log = self.logs[conversation]
        log.append({"seq": len(log) + 1, "at": self.now, "from": "assistant", **message})
        return len(log)

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Answer a POST request."""
        if self.only_production and path.startswith("/demo"):
            return 404, {"error": {"code": "not_found", "message": "No."}}
        if path == "/demo/reset":
            self.resets += 1
            return 200, {"status": "ok"}
        if path == "/demo/clock":
            self.advanced.append(body["advance"])
            return 200, {"now": self.now}
        if path == "/api/conversations":
            name = f"c{len(self.logs) + 1}"
            self.logs[name] = []
            self.say(name, GREETING)
            return 201, {"id": name, "token": f"t-{name}", "messages": self.logs[name], "pending": False}
        name = path.split("/")[3]
        self.received.append(body)
        if body.get("text") in self.refuse:
            status, code = self.refuse[body["text"]]
            return status, {"error": {"code": code, "message": "No."}}
        seq = self.say(name, {"from": "contact", "text": body.get("text")})
        if not self.never_answers:
            for message in self.answer(body):
                self.say(name, {"reply_to": seq, **message})
        for message in self.late:
            threading.Timer(0.15, self.say, (name, message)).start()
        return 202, {"seq": seq}

    def get(self, path: str, after: int) -> tuple[int, Any]:
        """Answer a GET request."""
        if path == "/demo/mailbox.json":
            return 200, {"messages": self.mail}
        if path == "/demo/state.json" and self.away:
            self.away -= 1
            return 503, {"error": {"code": "unavailable", "message": "Not now."}}
        if path == "/demo/state.json":
            return 200, self.state
        if path.startswith("/api/"):
            return 200, {"messages": self.logs[path.split("/")[3]][after:], "pending": self.never_answers}
        return 404, {"error": {"code": "not_found", "message": "No."}}


@contextmanager
def fake_demo(**settings: Any) -> Iterator[FakeDemo]:
    """Run one for a block of code."""
    fake = FakeDemo(**settings)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            self._send(*fake.get(path, int(query.partition("=")[2] or 0)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            self._send(*fake.post(self.path, json.loads(body or b"{}")))

        def _send(self, status: int, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def code_mail(to: str, code: str) -> dict[str, Any]:
    """A mail that brings a code."""
    text = f"Someone asked. The code is {code[:3]} {code[3:]}. Questions? Call 020 7946 0321."
    return {"to": to, "subject": "Your code", "text": text, "html": "", "attachments": []}


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never was so"
        time.sleep(0.01)
