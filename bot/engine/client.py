"""Rasa's HTTP interface, as much of it as is needed."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

import httpx

from bot.engine.interfaces import EngineErred, EngineFailed, EngineState, EngineUnreachable
from bot.engine.priming import priming_events

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 30.0
STATE_SECONDS = 2.0
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
HTTP_CONFLICT = 409
HTTP_UNAVAILABLE = 503


class RasaEngine:
    """A Rasa server with `--enable-api` and the REST channel; use as an asynchronous context manager."""

    def __init__(self, url: str, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        """Prepare, without connecting.

        Args:
            url: the server, without a slash at the end.
            answer_seconds: how long a message may take before it counts as failed.
        """
        timeout = httpx.Timeout(answer_seconds, connect=CONNECT_SECONDS)
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False)

    async def __aenter__(self) -> RasaEngine:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def state(self) -> EngineState:
        """Whether it has a model loaded; its port is open long before."""
        try:
            answer = await self._client.get("/status", timeout=STATE_SECONDS)
            if answer.status_code == HTTP_CONFLICT:
                return "starting"
            if not (answer.is_success and answer.json().get("model_file")):
                return "starting"
            # Its sessions and their locks may lie on other machines. An engine that is not ours says 404.
            stores = await self._client.get("/stores", timeout=STATE_SECONDS)
            return "down" if stores.status_code == HTTP_UNAVAILABLE else "ready"
        except httpx.ConnectError:
            return "down"
        except (httpx.HTTPError, ValueError, AttributeError):
            return "starting"

    async def prime(self, engine_session: str, requested_slot: str) -> None:
        """Write the events of a form in progress into a session that has none.

        They are put in place of what the session holds: appended, they would be older than the session Rasa
        begins, and never read.

        Raises:
            EngineUnreachable: nothing was sent.
            EngineFailed: the session may hold some of it, and must not be used.
        """
        path = f"/conversations/{engine_session}/tracker/events"
        await self._call("PUT", path, priming_events(requested_slot))

    async def send(self, engine_session: str, text: str, turn_id: str, offered: Sequence[str]) -> None:
        """Send one message through the REST channel; what it answers is of no interest (decision 3).

        Raises:
            EngineUnreachable: nothing was sent.
            EngineFailed: whether it was dealt with is unknown.
        """
        metadata = {"turn": turn_id, "offered": list(offered)}
        content = {"sender": engine_session, "message": text, "metadata": metadata}
        await self._call("POST", "/webhooks/rest/webhook", content)

    async def _call(self, method: str, path: str, content: Any) -> None:
        try:
            answer = await self._client.request(method, path, json=content)
        except NOTHING_SENT as error:
            raise EngineUnreachable(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise EngineFailed(type(error).__name__) from error
        if not answer.is_success:
            raise EngineErred(f"status {answer.status_code}")
