"""Socket Mode: the app's open connections, envelopes sent over them, and acknowledgements that come back.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.slack_standin.faults import Faults
from bot.slack_standin.server import HOST
from bot.slack_standin.workspace import Workspace


@dataclass
class Waiting:
    """An envelope on its way to be acknowledged."""

    done: threading.Event = field(default_factory=threading.Event)
    payload: dict[str, Any] | None = None


class Sockets:
    """Every connection of the app.

    Attributes:
        opened: how many connections there have been.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._open: list[ServerConnection] = []
        self._waiting: dict[str, Waiting] = {}
        self._someone = threading.Event()
        self.opened = 0
        self._server: Server = serve(self._serve, HOST, 0)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def new_address(self) -> str:
        """Where the app may connect, once."""
        ticket = secrets.token_hex(8)
        with self._lock:
            self._tickets.add(ticket)
        return f"ws://{HOST}:{self._server.socket.getsockname()[1]}/link?ticket={ticket}"

    @property
    def connected(self) -> int:
        """How many connections are open."""
        with self._lock:
            return len(self._open)

    def wait_connected(self, within: float) -> bool:
        """Wait until the app is there."""
        return self._someone.wait(within)

    def send(self, envelope: dict[str, Any], within: float) -> Waiting | None:
        """Send an envelope over one connection and wait for its acknowledgement.

        Returns:
            The acknowledgement, or None when there was nobody, or none came in time.
        """
        with self._lock:
            connection = self._open[-1] if self._open else None
            waiting = self._waiting[envelope["envelope_id"]] = Waiting()
        if connection is None or self._faults.dead:
            return None
        try:
            connection.send(json.dumps(envelope))
        except ConnectionClosed:
            return None
        return waiting if waiting.done.wait(within) else None

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Tell the app to connect anew, as Slack does now and then, and end the connections it had."""
        with self._lock:
            old = list(self._open)
        for connection in old:
            with contextlib.suppress(ConnectionClosed):
                connection.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {}}))

    def drop(self) -> None:
        """End every connection without a word."""
        with self._lock:
            old = list(self._open)
        for connection in old:
            connection.socket.close()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        with self._lock:
            old = list(self._open)
        for connection in old:
            connection.close()
        self._thread.join(timeout=5)

    def _serve(self, connection: ServerConnection) -> None:
        ticket = connection.request.path.partition("ticket=")[2] if connection.request else ""
        with self._lock:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
        if not known or self._faults.dead:
            connection.close(1008, "unknown ticket")
            return
        hello = {
            "type": "hello",
            "num_connections": self.connected + 1,
            "connection_info": {"app_id": Workspace.app},
            "debug_info": {"host": "standin", "approximate_connection_time": 18060},
        }
        with contextlib.suppress(ConnectionClosed, OSError):
            connection.send(json.dumps(hello))
            with self._lock:
                self._open.append(connection)
                self.opened += 1
                self._someone.set()
            for text in connection:
                self._acknowledge(json.loads(text))
        with self._lock:
            if connection in self._open:
                self._open.remove(connection)
            if not self._open:
                self._someone.clear()

    def _acknowledge(self, given: dict[str, Any]) -> None:
        with self._lock:
            waiting = self._waiting.pop(str(given.get("envelope_id")), None)
        if waiting is not None:
            waiting.payload = given.get("payload")
            waiting.done.set()
