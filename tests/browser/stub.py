"""A stand-in for the gateway: the conversation interface over real HTTP, with an assistant that follows a short script.

It keeps what it was sent, and misbehaves on demand: refuses, blocks or swallows event streams, stops and comes back.
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.web.bundle import widget

WEB = Path(__file__).resolve().parents[2] / "bot" / "web"
POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
GREETING = {
    "from": "assistant",
    "text": "Hello. I can show, correct, copy or delete what we hold about you. What would you like?",
    "choices": [
        {"id": "access", "label": "See what you hold"},
        {"id": "erase", "label": "Delete my details"},
    ],
}
CASE = {"reference": "PR-7F3K-9Q2M", "right": "erasure", "state": "awaiting_identity", "due": "2026-12-23"}
PLAN = {
    "title": "What would happen",
    "rows": [
        {
            "id": "deleted",
            "label": "Deleted",
            "value": "mobile number, 14 tracked emails, newsletter settings",
        },
        {
            "id": "kept",
            "label": "Kept for now",
            "value": "your name and work email, on a service agreement of your company. We look at it again when "
            "that agreement ends, and delete them then unless something else requires them (policy 3 and 9.4)",
        },
        {
            "id": "fingerprint",
            "label": "Kept as a fingerprint",
            "value": "a scrambled form of your address, so that nobody adds you to a mailing list again",
        },
    ],
}

Message = dict[str, Any]


@dataclass
class Conversation:
    """One conversation's log, and what its readers wait on."""

    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    messages: list[Message] = field(default_factory=list)
    keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    pending: bool = False
    version: int = 0


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class Stub:
    """The server. `say` speaks for the assistant; the attributes below decide how it misbehaves."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.mail: list[Message] = []
        self.asked: list[Asked] = []
        self.refusals: list[tuple[int, dict[str, str]]] = []
        """Answers for the next messages sent, instead of taking them: status and headers."""
        self.swallowed = 0
        """How many of the next messages are taken, but never acknowledged."""
        self.streams = "open"
        """Or `blocked` (503), or `deaf` (opened, but nothing ever arrives)."""
        self.answers = True
        self.delay = 0.05
        self.demo = True
        self.changed = threading.Condition()
        self._server: _Server | None = None
        self._port = 0
        self.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.stub = self
        self._port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def stop(self) -> None:
        server, self._server = self._server, None
        if server:
            server.gone = True
            with self.changed:
                self.changed.notify_all()
            server.shutdown()
            server.server_close()

    @property
    def only(self) -> Conversation:
        """The one conversation there is."""
        (conversation,) = self.conversations.values()
        return conversation

    def sent(self) -> list[Any]:
        """The bodies of the messages sent, in order."""
        return [each.body for each in self.asked if each.method == "POST" and each.path.endswith("/messages")]

    def say(self, conversation: Conversation, **message: Any) -> int:
        """Appends a message, from the assistant unless it says otherwise, and returns its `seq`."""
        with self.changed:
            seq = len(conversation.messages) + 1
            at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")  # noqa: TID251
            conversation.messages.append({"seq": seq, "at": at, "from": "assistant", **message})
            self._touch(conversation)
        return seq

    def erase(self, conversation: Conversation, seq: int) -> None:
        with self.changed:
            kept = conversation.messages[seq - 1]
            conversation.messages[seq - 1] = {k: kept[k] for k in ("seq", "at", "from")} | {
                "text": None,
                "erased": True,
            }

    def begin(self) -> tuple[str, Conversation]:
        name, conversation = uuid.uuid4().hex, Conversation()
        self.conversations[name] = conversation
        self.say(conversation, **GREETING)
        return name, conversation

    def take(self, conversation: Conversation, body: dict[str, Any]) -> int:
        """Stores a contact's message and has it answered."""
        content = json.dumps({k: v for k, v in body.items() if k != "key"}, sort_keys=True)
        known = conversation.keys.get(body.get("key", ""))
        if known:
            return known[1]
        labels = {c["id"]: c["label"] for m in conversation.messages for c in m.get("choices", [])}
        if "fields" in body:
            seq = self.say(conversation, **{"from": "contact", "fields": list(body["fields"])})
        else:
            text = body["text"] if "text" in body else labels[body["choice"]]
            seq = self.say(conversation, **{"from": "contact", "text": text})
        conversation.keys[body.get("key", "")] = (content, seq)
        if self.answers:
            self.think(conversation, True)
            threading.Timer(self.delay, self._answer, (conversation, body, seq)).start()
        return seq

    def think(self, conversation: Conversation, pending: bool) -> None:
        with self.changed:
            conversation.pending = pending
            self._touch(conversation)

    def _touch(self, conversation: Conversation) -> None:
        conversation.version += 1
        self.changed.notify_all()

    def _answer(self, conversation: Conversation, body: dict[str, Any], seq: int) -> None:
        for message in script(body):
            self.say(conversation, reply_to=seq, **message)
        self.think(conversation, False)


def script(body: dict[str, Any]) -> list[Message]:
    """The assistant's answer to a message."""
    if body.get("fields", {}).get("email"):
        return [
            {
                "text": "A six-digit code is on its way to that address. It works for ten minutes.",
                "ask": {"field": "code", "label": "The code from the email"},
                "choices": [
                    {"id": "resend_code", "label": "Send it again"},
                    {"id": "no_mailbox", "label": "I can't get at that mailbox"},
                ],
            }
        ]
    if body.get("fields", {}).get("code"):
        if body["fields"]["code"] != "481206":
            ask = {"field": "code", "label": "The code from the email"}
            return [{"text": "That isn't the code we sent. Four tries left.", "ask": ask}]
        return [
            {"text": "Thank you, Priya. This is what would happen:", "card": PLAN},
            {
                "text": "Because of the agreement a colleague checks this first. Would you like a copy of your data before "
                "anything is deleted? The copy needs no check.",
                "choices": [
                    {"id": "copy_first", "label": "Copy first, then delete"},
                    {"id": "erase", "label": "Just delete", "style": "danger"},
                    {"id": "not_now", "label": "Not now"},
                ],
            },
        ]
    if body.get("choice") in ("copy_first",):
        return [
            {
                "text": "The copy is on its way to you. Your request is **PR-7F3K-9Q2M**, and you'll have our answer by "
                "**Wednesday 23 December 2026**.",
                "case": CASE | {"state": "awaiting_approval"},
                "choices": [{"id": "why_date", "label": "Why that date?"}],
            }
        ]
    if body.get("choice") == "erase" or re.search("delete|rid of", body.get("text", "")):
        return [
            {
                "text": "I can help with that. I've noted your request today. First I need to know it's really you. "
                "Which email address might we have for you?",
                "ask": {"field": "email", "label": "Email address"},
                "case": CASE,
            }
        ]
    return [{"text": f"You said: {body.get('text') or body.get('choice')}"}]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64
    stub: Stub
    gone = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps the tests' output quiet."""

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_GET(self) -> None:
        self._handle(None)

    def do_POST(self) -> None:
        self._handle(json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or "null"))

    def do_OPTIONS(self) -> None:
        self._send(204, b"", "text/plain")

    def _handle(self, body: Any) -> None:
        stub, address = self.server.stub, urlsplit(self.path)
        if self.server.gone:
            self.close_connection = True
            return
        stub.asked.append(
            Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        )
        pattern: str
        answer: Callable[..., None]
        for pattern, answer in (
            (r"/api/conversations", self._begin),
            (r"/api/conversations/(\w+)/(messages|events)", self._converse),
            (r"/demo/mailbox\.json", self._mailbox),
            (r"/|/demo/mailbox|/widget\.js|/static/.+|/try/.+", self._file),
        ):
            if match := re.fullmatch(pattern, address.path):
                return answer(*match.groups(), body=body, query=parse_qs(address.query))
        return self._refuse(404)

    def _begin(self, body: Any, query: Any) -> None:
        name, conversation = self.server.stub.begin()
        self._json(
            201,
            {"id": name, "token": conversation.token, "messages": conversation.messages, "pending": False},
        )

    def _converse(self, name: str, what: str, body: Any, query: dict[str, list[str]]) -> None:
        stub = self.server.stub
        conversation = stub.conversations.get(name)
        if conversation is None:
            return self._refuse(404)
        if self.headers.get("authorization") != f"Bearer {conversation.token}":
            return self._refuse(401)
        if what == "events":
            return self._stream(conversation)
        if body is None:
            after = int(query["after"][0])
            messages = [m for m in conversation.messages if m["seq"] > after]
            return self._json(200, {"messages": messages, "pending": conversation.pending})
        if stub.refusals:
            status, headers = stub.refusals.pop(0)
            return self._refuse(status, headers)
        seq = stub.take(conversation, body)
        if stub.swallowed:
            stub.swallowed -= 1
            self.close_connection = True
            return None
        return self._json(202, {"seq": seq})

    def _stream(self, conversation: Conversation) -> None:
        stub = self.server.stub
        if stub.streams == "blocked":
            return self._refuse(503)
        self.close_connection = True
        self._head(200, "text/event-stream", None)
        if stub.streams == "deaf":
            time.sleep(20)
            return None
        seen, version = int(self.headers.get("last-event-id", 0)), -1
        while not self.server.gone and stub.streams == "open":
            with stub.changed:
                stub.changed.wait_for(
                    lambda: conversation.version != version or self.server.gone or stub.streams != "open", 5
                )
                version = conversation.version
                messages = [m for m in conversation.messages if m["seq"] > seen]
                pending = conversation.pending
            for message in messages:
                seen = message["seq"]
                self.wfile.write(f"id: {seen}\nevent: message\ndata: {json.dumps(message)}\n\n".encode())
            self.wfile.write(f'event: pending\ndata: {{"pending": {json.dumps(pending)}}}\n\n'.encode())
            self.wfile.flush()
        return None

    def _mailbox(self, body: Any, query: Any) -> None:
        if not self.server.stub.demo:
            return self._refuse(404)
        return self._json(200, {"messages": self.server.stub.mail})

    def _file(self, body: Any, query: Any) -> None:
        path = urlsplit(self.path).path
        if path == "/widget.js":
            return self._send(200, widget().encode(), TYPES[".js"])
        if path.startswith("/try/"):
            return self._send(200, TRIES[path.removeprefix("/try/")].encode(), TYPES[".html"])
        file = WEB / {"/": "pages/index.html", "/demo/mailbox": "pages/mailbox.html"}.get(path, path[1:])
        if not file.is_file():
            return self._refuse(404)
        return self._send(200, file.read_bytes(), TYPES[file.suffix])

    def _refuse(self, status: int, headers: dict[str, str] | None = None) -> None:
        self._json(
            status, {"error": {"code": f"e{status}", "message": f"A sentence about {status}."}}, headers
        )

    def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self._head(status, kind, len(body), headers)
        self.wfile.write(body)

    def _head(
        self, status: int, kind: str, length: int | None, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-type", f"{kind}; charset=utf-8" if "text/" in kind else kind)
        self.send_header("content-security-policy", POLICY)
        self.send_header("x-content-type-options", "nosniff")
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-allow-headers", "authorization, content-type, last-event-id")
        self.send_header("cache-control", "no-store")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if length is None:
            self.send_header("connection", "close")
        else:
            self.send_header("content-length", str(length))
        self.end_headers()


TRIES: dict[str, str] = {}
"""Pages of the tests' own, under /try/."""
