"""How deliveries reach the app: a connection that we open to Slack, or signed requests of Slack's to us."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import structlog
import uvicorn
from slack_bolt import BoltRequest
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.settings import Settings
from bot.slack.answering import Answering
from bot.slack.quiet import quiet_logger
from bot.slack.threads import catching_up
from bot.slack.web_client import web_client

LARGEST_BODY = 1_000_000
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
log = structlog.get_logger("slack")


class SocketMode:
    """A WebSocket that we open, so that nothing of ours must be reachable from outside."""

    def __init__(self, settings: Settings, answering: Answering) -> None:
        self._answering = answering
        self._connected = threading.Event()
        self.client = SocketModeClient(
            app_token=settings.slack_app_token.get_secret_value(),
            web_client=web_client(settings, patient=False),
            logger=quiet_logger(),
        )
        self.client.socket_mode_request_listeners.append(self._receive)
        self.client.message_listeners.append(_greeted)

    def run(self, stop: threading.Event) -> None:
        """Be connected until told to stop; the SDK's client reconnects by itself once it was."""
        if self._connect(stop):
            log.info("connected", transport="socket")
            self._connected.set()
            stop.wait()
        self.client.close()

    def is_connected(self) -> bool:
        """Whether a connection to Slack has come about; from then on it is renewed."""
        return self._connected.is_set()

    def _connect(self, stop: threading.Event) -> bool:
        wait = FIRST_WAIT_SECONDS
        while not stop.is_set():
            try:
                self.client.connect()
                return True
            except Exception as error:
                # Slack may be away, or the token wrong: the rest of Rightline works on, and this tries again.
                log.error("not_connected", error=_named(error), again_in=wait)
            stop.wait(wait)
            wait = min(LONGEST_WAIT_SECONDS, wait * 2)
        return False

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time.monotonic()
        headers = build_headers(request)
        body = request.payload
        answer = self._answering.answer(BoltRequest(mode="socket_mode", body=body, headers=headers))
        send_response(client, request, answer, started)


def _greeted(_client: BaseSocketModeClient, message: dict[str, Any], _raw: str | None = None) -> None:
    """Slack says hello on every new connection: what was written before it may never have come."""
    if message.get("type") == "hello":
        catching_up.connected()


class Http:
    """Serves `/slack/events`; every request must carry Slack's signature, not older than five minutes."""

    def __init__(self, settings: Settings, answering: Answering) -> None:
        self._answering = answering
        self._server: uvicorn.Server | None = None
        self._config = uvicorn.Config(
            http_app(answering),
            host=settings.slack_host,
            port=settings.slack_port,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=5,
        )

    def run(self, stop: threading.Event) -> None:
        """Serve until told to stop.

        Raises:
            OSError: the port is taken.
        """
        asyncio.run(self._serve(stop))

    def is_connected(self) -> bool:
        """Whether it listens for Slack."""
        return self._server is not None and self._server.started

    async def _serve(self, stop: threading.Event) -> None:
        server = self._server = uvicorn.Server(self._config)
        serving = asyncio.create_task(server.serve())
        while not stop.is_set() and not serving.done():
            await asyncio.sleep(0.1)
        server.should_exit = True
        await serving


def http_app(answering: Answering) -> Starlette:
    """The requests of Slack as an ASGI application."""

    async def events(request: Request) -> Response:
        if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
            return JSONResponse({"error": "too large"}, 413)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return JSONResponse({"error": "too large"}, 413)
        try:
            delivery = to_bolt_request(request, body)
        except ValueError:
            return JSONResponse({"error": "malformed"}, 400)
        return to_starlette_response(await asyncio.to_thread(answering.answer, delivery))

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return Starlette(
        routes=[Route("/slack/events", events, methods=["POST"]), Route("/healthz", healthz)],
    )


def _named(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error", "refused"))
    return type(error).__name__ if isinstance(error, (SlackClientError, OSError)) else "unexpected"
