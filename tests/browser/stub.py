"""A stand-in for the gateway: the conversation interface over real HTTP, for tests of what runs in browsers.

It keeps what it was sent, and misbehaves on demand: refuses, blocks or mutes event streams, stops, returns.
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.gateway.edge import PAGES_POLICY
from bot.web.bundle import ENTRY, widget
from tests.browser.assistant import GREETING, Message, answer

WEB = Path(__file__).resolve().parents[2] / "bot" / "web"
PAGES = {"/": "pages/index.html", "/demo/mailbox": "pages/mailbox.html"}
BUNDLE = widget()
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


@dataclass
class Conversation:
    """One conversation's log, and what its readers wait on."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    messages: list[Message] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
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
    """The server. `say` speaks for the assistant; its attributes decide how it misbehaves."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.mail: list[Message] = []
        self.asked: list[Asked] = []
        self.refusals: list[tuple[int, dict[str, str]]] = []
        """Answers for the next messages sent, instead of taking them: status and headers."""
        self.swallowed = 0
        """How many of the next messages are taken, but never acknowledged."""
        self.streams = "open"
        """Or `blocked` (503), or `mute` (opened, but nothing ever arrives)."""
        self.answers = True
        self.hides = False
        """Whether words are taken for a name, and kept private."""
        self.proven = True
        """Whether the contact has proven an address, so that a transcript may be mailed."""
        self.delay = 0.05
        self.bundled = True
        """Whether the widget is served as one file, or as its modules."""
        self.demo = True
        self.pages: dict[str, str] = {}
        """Pages of the tests' own, by name, served under /try/."""
        self.policy = PAGES_POLICY
        self.friends: list[str] = []
        """Other origins that pages may talk to."""
        self.changed = threading.Condition()
        self._server: _Server | None = None
        self._port = 0
        self.start()

    @property
    def origin(self) -> str:
        """The address, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listens, on the port it had before if it had one."""
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.stub = self
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Ends every connection; the conversations stay."""
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
            at = datetime.now(UTC).isoformat(timespec="milliseconds")  # noqa: TID251
            said = {"seq": seq, "at": at.replace("+00:00", "Z"), "from": "assistant", **message}
            conversation.messages.append(said)
            self._touch(conversation)
        return seq

    def erase(self, conversation: Conversation, seq: int) -> None:
        """Empties a message, as an erasure does."""
        with self.changed:
            kept = conversation.messages[seq - 1]
            left = {name: kept[name] for name in ("seq", "at", "from")}
            conversation.messages[seq - 1] = left | {"text": None, "erased": True}

    def think(self, conversation: Conversation, pending: bool) -> None:
        """Says whether an answer is being worked on."""
        with self.changed:
            conversation.pending = pending
            self._touch(conversation)

    def begin(self) -> Conversation:
        """A new conversation, greeted."""
        conversation = Conversation()
        self.conversations[conversation.id] = conversation
        self.say(conversation, **GREETING)
        return conversation

    def take(self, conversation: Conversation, body: dict[str, Any]) -> int:
        """Stores a contact's message once for each key, has it answered, and returns its `seq`."""
        known = conversation.keys.get(body["key"])
        if known:
            return known
        labels = {c["id"]: c["label"] for m in conversation.messages for c in m.get("choices", [])}
        shown: Message
        if "fields" in body or self.hides:
            shown = {"fields": list(body.get("fields", ["name"]))}
        else:
            shown = {"text": body["text"] if "text" in body else labels[body["choice"]]}
        seq = conversation.keys[body["key"]] = self.say(conversation, **{"from": "contact"}, **shown)
        if self.answers:
            self.think(conversation, True)
            threading.Timer(self.delay, self._answer, (conversation, body, seq)).start()
        return seq

    def _answer(self, conversation: Conversation, body: dict[str, Any], seq: int) -> None:
        for message in answer(body):
            self.say(conversation, reply_to=seq, **message)
        self.think(conversation, False)

    def _touch(self, conversation: Conversation) -> None:
        conversation.version += 1
        self.changed.notify_all()


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
        self._route(None)

    def do_POST(self) -> None:
        self._route(json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or "null"))

    def do_OPTIONS(self) -> None:
        self._send(204, b"", "text/plain")

    def _route(self, body: Any) -> None:
        stub, address = self.server.stub, urlsplit(self.path)
        if self.server.gone:
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        stub.asked.append(Asked(self.command, self.path, headers, body))
        if address.path == "/api/conversations":
            begun = stub.begin()
            told = {"id": begun.id, "token": begun.token, "messages": begun.messages, "pending": False}
            self._json(201, told)
        elif match := re.fullmatch(r"/api/conversations/(\w+)/(messages|events|transcript)", address.path):
            self._converse(match[1], match[2], body, parse_qs(address.query))
        elif address.path == "/demo/mailbox.json" and stub.demo:
            self._json(200, {"messages": stub.mail})
        else:
            self._file(address.path)

    def _converse(self, name: str, what: str, body: Any, query: dict[str, list[str]]) -> None:
        stub = self.server.stub
        conversation = stub.conversations.get(name)
        if conversation is None:
            self._refuse(404)
        elif self.headers.get("authorization") != f"Bearer {conversation.token}":
            self._refuse(401)
        elif what == "transcript":
            if stub.proven:
                self._json(202, {"status": "ok"})
            else:
                self._refuse(409)
        elif what == "events":
            self._stream(conversation)
        elif body is None:
            messages = [m for m in conversation.messages if m["seq"] > int(query["after"][0])]
            self._json(200, {"messages": messages, "pending": conversation.pending})
        elif stub.refusals:
            self._refuse(*stub.refusals.pop(0))
        else:
            seq = stub.take(conversation, body)
            if stub.swallowed:
                stub.swallowed -= 1
                self.close_connection = True
            else:
                self._json(202, {"seq": seq})

    def _stream(self, conversation: Conversation) -> None:
        stub = self.server.stub
        if stub.streams == "blocked":
            self._refuse(503)
            return
        self.close_connection = True
        self._head(200, "text/event-stream", None)
        if stub.streams == "mute":
            time.sleep(20)
            return
        seen, version = int(self.headers.get("last-event-id", 0)), -1
        while not self.server.gone and stub.streams == "open":
            with stub.changed:
                if conversation.version == version:
                    stub.changed.wait(5)
                version = conversation.version
                messages = [m for m in conversation.messages if m["seq"] > seen]
                pending = conversation.pending
            for message in messages:
                seen = message["seq"]
                self._event("message", message, f"id: {seen}\n")
            self._event("pending", {"pending": pending})

    def _event(self, name: str, data: Any, head: str = "") -> None:
        self.wfile.write(f"{head}event: {name}\ndata: {json.dumps(data)}\n\n".encode())

    def _file(self, path: str) -> None:
        stub, page = self.server.stub, path.removeprefix("/try/")
        file = WEB / PAGES.get(path, path[1:])
        if path == "/widget.js":
            source = BUNDLE if stub.bundled else ENTRY.read_text("utf-8")
            self._send(200, source.encode(), TYPES[".js"])
        elif path.startswith("/try/") and page in stub.pages:
            self._send(200, stub.pages[page].encode(), TYPES[".html"])
        elif file.is_file() and (path in PAGES or path.startswith("/static/")):
            self._send(200, file.read_bytes(), TYPES[file.suffix])
        else:
            self._refuse(404)

    def _refuse(self, status: int, headers: dict[str, str] | None = None) -> None:
        error = {"code": f"e{status}", "message": f"A sentence about {status}."}
        self._json(status, {"error": error}, headers)

    def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self._head(status, kind, len(body), headers)
        self.wfile.write(body)

    def _head(
        self, status: int, kind: str, length: int | None, headers: dict[str, str] | None = None
    ) -> None:
        told = {
            "content-type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            "content-security-policy": self.server.stub.policy,
            "x-content-type-options": "nosniff",
            "access-control-allow-origin": "*",
            "access-control-allow-headers": "authorization, content-type, last-event-id",
            "cache-control": "no-store",
            **({"connection": "close"} if length is None else {"content-length": str(length)}),
            **(headers or {}),
        }
        self.send_response(status)
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
