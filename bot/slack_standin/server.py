"""The Web API and `response_url`s over HTTP, with everything that can go wrong on the way."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from bot.slack_standin import chat
from bot.slack_standin.api import APP_TOKEN, Api, Call, read_arguments
from bot.slack_standin.errors import ApiError
from bot.slack_standin.faults import Fault, Faults

if TYPE_CHECKING:
    from bot.slack_standin.sockets import Sockets

HOST = "127.0.0.1"
CONNECTIONS = 64


class _Server(ThreadingHTTPServer):
    """With what its handlers need."""

    daemon_threads = True
    request_queue_size = CONNECTIONS

    def __init__(self, api: Api, faults: Faults, sockets: Sockets) -> None:
        super().__init__((HOST, 0), _Handler)
        self.api, self.faults, self.sockets = api, faults, sockets

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is no news."""


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """A method of the Web API, or what goes to a `response_url`."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.server.faults.dead or len(body) < length:
            # Of a client that was killed as it wrote, half a request has come, which is none.
            self._break()
        elif self.path.startswith("/api/"):
            self._call(self.path.removeprefix("/api/").partition("?")[0], body)
        elif self.path.startswith("/response/"):
            self._respond(self.path.removeprefix("/response/"), body)
        else:
            self._answer(404, {"ok": False, "error": "not_found"})

    def do_GET(self) -> None:
        """The same: methods that read take GET too."""
        self.do_POST()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: what passes here is personal."""

    def _call(self, method: str, body: bytes) -> None:
        api = self.server.api
        try:
            given = read_arguments(self.headers.get("Content-Type", ""), body)
        except ApiError as error:
            self._answer(200, {"ok": False, "error": error.code})
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or given.pop("token", "")
        given.pop("token", None)
        fault = self.server.faults.due(method)
        if fault is not None and fault.what != "lose_answer":
            api.record(Call(method, given, fault.what))
            self._go_wrong(fault)
        elif method == "apps.connections.open":
            self._connect(token)
        else:
            done = api.call(method, token, given, answered=fault is None)
            if fault is None:
                self._answer(200, done)
            else:
                self._break()

    def _connect(self, token: str) -> None:
        if token != APP_TOKEN:
            self._answer(200, {"ok": False, "error": "not_allowed_token_type" if token else "not_authed"})
            return
        self._answer(200, {"ok": True, "url": self.server.sockets.new_address()})

    def _respond(self, key: str, body: bytes) -> None:
        api = self.server.api
        given: Any = None
        try:
            given = json.loads(body)
            chat.respond(api.workspace, key, given)
        except ValueError:
            self._answer(400, {"ok": False, "error": "invalid_payload"})
        except ApiError as error:
            api.record(Call("response_url", given, error.code, error.reasons))
            gone = error.code in ("used_url", "expired_url")
            self._answer(404 if gone else 400, {"ok": False, "error": error.code})
        else:
            api.record(Call("response_url", given))
            self._answer(200, {"ok": True})

    def _go_wrong(self, fault: Fault) -> None:
        if fault.what == "rate_limit":
            self._answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": fault.value})
        elif fault.what == "status":
            self._answer(int(fault.value), {"ok": False, "error": "internal_error"})
        elif fault.what == "error":
            self._answer(200, {"ok": False, "error": fault.value})
        else:
            self._break()

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _break(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class WebServer:
    """The server in a thread of its own."""

    def __init__(self, api: Api, faults: Faults, sockets: Sockets) -> None:
        self._server = _Server(api, faults, sockets)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it listens, as `http://127.0.0.1:…`."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
