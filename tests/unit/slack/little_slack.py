"""The few methods of Slack's Web API that the queue needs, over a socket, with the failures a network has."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

Message = dict[str, Any]
Answer = tuple[int, dict[str, str], dict[str, Any] | None]
DROP_AFTER, DROP_BEFORE = "the connection breaks after the effect", "the connection breaks before it"


class LittleSlack:
    """Messages by channel, every call in order, and a list of what goes wrong with the next calls."""

    def __init__(self) -> None:
        self.messages: dict[str, list[Message]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        # What becomes of the next calls of a method: DROP_…, a status, an error's code, or (429, seconds).
        self.troubles: dict[str, list[Any]] = {}
        self.whispers: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self._count = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> LittleSlack:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def write(self, channel: str, user: str, text: str, thread_ts: str, **more: Any) -> Message:
        """Somebody writes in a thread; returns the event of it."""
        self._count += 1
        message = {
            "type": "message",
            "user": user,
            "text": text,
            "ts": f"1795000000.{self._count:06d}",
            "thread_ts": thread_ts,
            **more,
        }
        self.messages.setdefault(channel, []).append(message)
        return {**message, "channel": channel}

    def edit(self, channel: str, ts: str, text: str, *, second: int | None = None) -> Message:
        """Somebody changes what they wrote, in the second given or a later one; returns the event of it."""
        found = self._find({"channel": channel, "ts": ts})
        assert found is not None
        before = dict(found)
        self._count += 1
        at = 1795000000 + (self._count if second is None else second)
        found |= {"text": text, "edited": {"user": found["user"], "ts": f"{at}.000000"}}
        return {
            "type": "message",
            "subtype": "message_changed",
            "channel": channel,
            "message": dict(found),
            "previous_message": before,
        }

    def delete(self, channel: str, ts: str) -> Message:
        """Somebody deletes what they wrote; returns the event of it."""
        found = self._find({"channel": channel, "ts": ts})
        assert found is not None
        self.messages[channel].remove(found)
        return {
            "type": "message",
            "subtype": "message_deleted",
            "channel": channel,
            "deleted_ts": ts,
            "previous_message": found,
        }

    def texts(self, channel: str) -> list[str]:
        """What stands in a channel, in the order it came."""
        return [message["text"] for message in self.messages.get(channel, [])]

    def methods(self) -> list[str]:
        """Which methods were called, in order."""
        return [method for method, _arguments in self.calls]

    def answer(self, method: str, arguments: dict[str, Any]) -> Answer:
        """What is answered: a status, headers, a body; no body where the connection breaks."""
        with self._lock:
            self.calls.append((method, arguments))
            waiting = self.troubles.get(method) or []
            trouble = waiting.pop(0) if waiting else None
            if trouble == DROP_BEFORE:
                return 0, {}, None
            if isinstance(trouble, tuple):
                return trouble[0], {"Retry-After": str(trouble[1])}, {"ok": False, "error": "ratelimited"}
            if isinstance(trouble, int):
                return trouble, {}, {}
            if isinstance(trouble, str) and trouble != DROP_AFTER:
                return 200, {}, {"ok": False, "error": trouble}
            body = getattr(self, "_" + method.replace(".", "_"))(arguments)
            return (0, {}, None) if trouble == DROP_AFTER else (200, {}, {"ok": "error" not in body, **body})

    def _chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        ts = f"1795000000.{self._count:06d}"
        channel = arguments["channel"]
        self.messages.setdefault(channel, []).append({**arguments, "ts": ts})
        return {"channel": channel, "ts": ts}

    def _chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        found = self._find(arguments)
        if found is None:
            return {"error": "message_not_found"}
        found.update(arguments)
        return {"channel": arguments["channel"], "ts": arguments["ts"]}

    def _chat_delete(self, arguments: dict[str, Any]) -> dict[str, Any]:
        found = self._find(arguments)
        if found is None:
            return {"error": "message_not_found"}
        self.messages[arguments["channel"]].remove(found)
        return {"channel": arguments["channel"], "ts": arguments["ts"]}

    def _chat_postEphemeral(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.whispers.append(arguments)
        return {"message_ts": "1"}

    def _auth_test(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": "T0OURS", "user_id": "U0BOT", "bot_id": "B0BOT"}

    def _users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user = arguments["user"]
        return {"user": {"id": user, "team_id": "T0OURS", "profile": {"display_name": user[2:].lower()}}}

    def _views_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.views.append(arguments["view"])
        return {"view": {"id": "V1"}}

    def _reactions_remove(self, arguments: dict[str, Any]) -> dict[str, Any]:
        found = self._find({"channel": arguments["channel"], "ts": arguments["timestamp"]})
        if found is not None:
            found["reactions"].remove(arguments["name"])
        return {}

    def _reactions_add(self, arguments: dict[str, Any]) -> dict[str, Any]:
        found = self._find({"channel": arguments["channel"], "ts": arguments["timestamp"]})
        if found is not None:
            found.setdefault("reactions", []).append(arguments["name"])
        return {}

    def _conversations_history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        found = [one for one in self.messages.get(arguments["channel"], []) if "thread_ts" not in one]
        return {"messages": found[::-1]}

    def _conversations_replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        everything = self.messages.get(arguments["channel"], [])
        return {
            "messages": [one for one in everything if arguments["ts"] in (one["ts"], one.get("thread_ts"))]
        }

    def _find(self, arguments: dict[str, Any]) -> Message | None:
        there = self.messages.get(arguments["channel"], [])
        return next((one for one in there if one["ts"] == arguments["ts"]), None)


def _handler(slack: LittleSlack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            is_json = "json" in self.headers.get("Content-Type", "")
            arguments = json.loads(raw) if is_json else dict(parse_qsl(raw))
            status, headers, body = slack.answer(self.path.removeprefix("/api/"), arguments)
            if body is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = json.dumps(body).encode() if status < 500 else b"<html>bad gateway</html>"
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler
