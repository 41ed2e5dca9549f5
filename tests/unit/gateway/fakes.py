"""An engine and an action server of our own behind one real socket, which fail as they are told to."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.conversations import turns
from actions.conversations.models import Conversation, Turn
from actions.conversations.offers import Option, Speech, say
from actions.database import Database
from bot.gateway.dialogue import Dialogue

APOLOGY = "Sorry, that did not work."


def no_slot(session: Session, conversation: Conversation) -> None:
    """No request is under way."""


def dialogue(requested_slot: Any = no_slot) -> Dialogue:
    """A dialogue that needs no data."""
    offer = (Option("erase", "Delete my details", send="/erase"), Option("cancel", "No", typed=("nope",)))
    return Dialogue(
        greeting=lambda: [Speech("Hello.", offer)],
        apology=lambda: [Speech(APOLOGY, (Option("talk_to_human", "Talk to someone"),))],
        requested_slot=requested_slot,
        escapes=lambda: frozenset({"help", "cancel"}),
        to_person=lambda session, conversation, seq: None,
    )


@dataclass
class FakeEngine:
    """Answers every turn with an echo, unless told otherwise.

    Attributes:
        plan: what to do with the next messages, one each: `crash_before` or `crash_after` the action, `hang`,
            `silent` (an empty answer, no action), `error`, `wait` (until `go` is set), or `answer`.
        always: what to do when the plan is empty.
        ends_task: whether the action ends the engine session, as after a finished request.
        speech: what the action says, given the text the engine received.
    """

    database: Database
    plan: list[str] = field(default_factory=list)
    always: str = "answer"
    ends_task: bool = False
    model: str | None = "model.tar.gz"
    healthy: bool = True
    stores: bool = True
    speech: Any = None
    received: list[dict[str, Any]] = field(default_factory=list)
    primed: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    performed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    at_once: int = 0
    most_at_once: int = 0
    go: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen, on the same port as before."""
        handler = type("Handler", (_Handler,), {"engine": self})
        self.server = _Server(("127.0.0.1", self.port), handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Listen no more, and hang up on everybody."""
        self.go.set()
        self.server.shutdown()
        self.server.hang_up()
        self.server.server_close()

    def act(self, turn_id: str, text: str) -> None:
        """What the action server does: everything in one transaction, once."""
        with self.database.write() as session:
            found = turns.begin(session, turn_id)
            if found is None:
                return
            conversation, turn = found
            if turn.receipt is not None:
                return
            self.performed[turn_id] += 1
            for speech in self.speech(text) if self.speech else [Speech(f"You said: {text}")]:
                say(session, conversation, speech, reply_to=turn.seq)
            if self.ends_task:
                conversation.engine_session = None
            turns.answer(session, conversation, turn, [])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *arguments: Any) -> None:
        self.connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    engine: ClassVar[FakeEngine]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/health":
            return self._answer(200 if self.engine.healthy else 503, {"status": "ok"})
        if self.path == "/stores":
            return self._answer(200 if self.engine.stores else 503, {})
        if self.engine.model is None:
            return self._answer(409, {"status": "failure"})
        return self._answer(200, {"model_file": self.engine.model})

    def do_PUT(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["content-length"])))
        primed = re.fullmatch(r"/conversations/(\w+)/tracker/events", self.path)
        if primed:
            self.engine.primed.append((primed[1], content))
            return self._answer(200, {})
        assert self.path == "/webhooks/rest/webhook"
        return self._message(content)

    def _message(self, content: dict[str, Any]) -> None:
        engine = self.engine
        with engine.lock:
            engine.received.append(content)
            todo = engine.plan.pop(0) if engine.plan else engine.always
            engine.at_once += 1
            engine.most_at_once = max(engine.most_at_once, engine.at_once)
        try:
            if todo == "wait":
                engine.go.wait(10)
            if todo in ("answer", "wait", "crash_after"):
                engine.act(content["metadata"]["turn"], content["message"])
        finally:
            with engine.lock:
                engine.at_once -= 1
        if todo.startswith("crash"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif todo == "hang":
            engine.go.wait(10)
        elif todo == "error":
            self._answer(500, {})
        else:
            self._answer(200, [])

    def _answer(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


def open_turns(session: Session) -> list[Turn]:
    """The turns without a receipt."""
    return list(session.query(Turn).filter(Turn.answered_at.is_(None)))
