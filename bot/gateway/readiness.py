"""Whether each part does its work, for monitoring and for the dispatcher."""

from __future__ import annotations

import asyncio
from typing import Literal

import httpx
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.engine.interfaces import Engine
from bot.gateway.storage import Storage

LOOK_SECONDS = 2.0

PartState = Literal["ready", "starting", "down"]


class Readiness:
    """Looks at the parts, always anew."""

    def __init__(self, storage: Storage, engine: Engine, actions_url: str, *, slack: bool = False) -> None:
        """Prepare.

        Args:
            storage: the database.
            engine: the engine.
            actions_url: the action server, without a slash at the end.
            slack: whether a Slack workspace is served, so that its app is one of the parts.
        """
        self._slack = slack
        self._storage = storage
        self._engine = engine
        self._client = httpx.AsyncClient(base_url=actions_url, timeout=LOOK_SECONDS, trust_env=False)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def parts(self) -> dict[str, PartState]:
        """The state of every part."""
        database, engine, actions = await asyncio.gather(
            self._database(), self._engine.state(), self._actions()
        )
        parts: dict[str, PartState] = {"database": database, "engine": engine, "actions": actions}
        parts["worker"] = await self._worker() if database == "ready" else "down"
        if self._slack:
            parts["slack"] = await self._slack_app() if database == "ready" else "down"
        return parts

    async def can_serve_turns(self) -> bool:
        """Whether a message sent now would be understood and acted upon."""
        engine, actions = await asyncio.gather(self._engine.state(), self._actions())
        return engine == actions == "ready"

    async def _actions(self) -> PartState:
        try:
            answer = await self._client.get("/health")
        except httpx.ConnectError:
            return "down"
        except httpx.HTTPError:
            return "starting"
        return "ready" if answer.is_success else "starting"

    async def _database(self) -> PartState:
        try:
            await self._storage.read(_select_one)
        except SQLAlchemyError:
            return "down"
        return "ready"

    async def _worker(self) -> PartState:
        from actions.worker.services import is_alive

        try:
            return "ready" if await self._storage.read(is_alive) else "down"
        except SQLAlchemyError:
            return "down"

    async def _slack_app(self) -> PartState:
        from actions.slack.presence import presence

        try:
            return await self._storage.read(presence)
        except SQLAlchemyError:
            return "down"


def _select_one(session: Session) -> None:
    session.execute(text("SELECT 1"))
