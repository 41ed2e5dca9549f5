"""An action server that only takes notes, for tests of what the engine asks of one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

INPUT_SLOTS = ("email", "code", "phone", "name", "value", "choice")

Answer = Callable[["Call"], "list[dict[str, Any]] | None"]


@dataclass(frozen=True)
class Call:
    """One call of a custom action, as the engine sent it."""

    action: str
    sender: str
    tracker: dict[str, Any] = field(repr=False)

    @property
    def intent(self) -> str | None:
        """The intent that led to the call."""
        name: str | None = self.tracker["latest_message"]["intent"].get("name")
        return name

    @property
    def message(self) -> dict[str, Any]:
        """The parse of the message that led to the call."""
        found: dict[str, Any] = self.tracker["latest_message"]
        return found

    @property
    def form(self) -> str | None:
        """The form that is active."""
        name: str | None = self.tracker["active_loop"].get("name")
        return name

    def slot(self, name: str) -> Any:
        """The value of a slot."""
        return self.tracker["slots"][name]


def asks(slot: str | None) -> list[dict[str, Any]]:
    """The events of an action after which the form waits for a slot, or is over."""
    cleared = [{"event": "slot", "name": name, "value": None} for name in INPUT_SLOTS]
    return [*cleared, {"event": "slot", "name": "requested_slot", "value": slot}]


def keeps_asking(call: Call) -> list[dict[str, Any]]:
    """Ask for the email address, whatever was said; other actions change nothing."""
    if call.action == "validate_request_form":
        return asks("email")
    return asks(call.slot("requested_slot"))


class ActionsStub:
    """Use as a context manager; `calls` lists what was asked for."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answer: Answer = keeps_asking
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The webhook's address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/webhook"

    def __enter__(self) -> ActionsStub:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def of(self, sender: str) -> list[Call]:
        """The calls for one session."""
        return [call for call in self.calls if call.sender == sender]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                call = Call(body["next_action"], body["sender_id"], body["tracker"])
                stub.calls.append(call)
                events = stub.answer(call)
                self._send(500 if events is None else 200, {"events": events or [], "responses": []})

            def _send(self, status: int, content: dict[str, Any]) -> None:
                encoded = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler
