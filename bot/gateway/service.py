"""The gateway's parts, put together: what lives as long as the application."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import anyio.to_thread
from prometheus_client.registry import REGISTRY
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request

from actions.conversations import intake
from actions.conversations.interfaces import TurnInput
from actions.conversations.models import Conversation
from actions.database import Database
from actions.settings import Settings
from bot.engine.client import RasaEngine
from bot.engine.interfaces import Engine
from bot.engine.janitor import Janitor
from bot.engine.sessions import TrackerTables
from bot.gateway import metrics
from bot.gateway.attempts import Attempts
from bot.gateway.dialogue import Dialogue
from bot.gateway.dispatcher import Dispatcher
from bot.gateway.gate import Gate
from bot.gateway.readiness import Readiness
from bot.gateway.storage import Storage
from bot.gateway.streams import Streams


@dataclass(frozen=True)
class Gateway:
    """What the routes use."""

    settings: Settings
    dialogue: Dialogue
    storage: Storage
    streams: Streams
    dispatcher: Dispatcher
    readiness: Readiness
    janitor: Janitor

    async def accept(
        self, conversation_id: str, given: TurnInput, key: str | None, foreseen: intake.Foreseen
    ) -> int:
        """Store a message, have it answered, and shown to whoever listens; see `intake.accept`.

        Returns:
            The message's seq.
        """
        with self.dispatcher.seat() as seat:
            seq = await self.storage.write_urgently(
                intake.accept,
                conversation_id,
                given,
                key=key,
                escapes=self.dialogue.escapes(),
                limit=self.settings.limit("messages"),
                foreseen=foreseen,
                to_assistant=None if seat is None else seat.take,
                to_person=self.dialogue.to_person,
            )
        self.streams.nudge(conversation_id)
        return seq

    @staticmethod
    async def pseudonymiser_is_loaded() -> None:
        """Wait until personal data can be recognised; immediate but for the first seconds."""
        if not intake.pseudonymiser_is_loaded():
            await anyio.to_thread.run_sync(intake.pseudonymiser)


def gateway_of(request: Request) -> Gateway:
    """The gateway that serves a request."""
    gateway: Gateway = request.app.state.gateway
    return gateway


@asynccontextmanager
async def running(settings: Settings, database: Database, dialogue: Dialogue) -> AsyncIterator[Gateway]:
    """Start every part of the gateway, and stop them in the opposite order.

    Args:
        settings: of this process.
        database: already migrated.
        dialogue: the domain's part.
    """
    storage = Storage(database)
    figures = metrics.watch(database)
    owner = f"{socket.gethostname()[:40]}:{settings.host[:15]}:{settings.port}"
    async with AsyncExitStack() as stack:
        stack.callback(REGISTRY.unregister, figures)
        engine: Engine = await stack.enter_async_context(RasaEngine(settings.engine_url.rstrip("/")))
        readiness = Readiness(
            storage, engine, settings.effective_actions_url, slack=settings.slack_configured
        )
        stack.push_async_callback(readiness.close)
        streams = await stack.enter_async_context(Streams(storage))
        tables = TrackerTables(settings.effective_tracker_url)
        janitor = await stack.enter_async_context(Janitor(tables, lambda: storage.read(_sessions_in_use)))
        gate = await stack.enter_async_context(Gate(readiness.can_serve_turns))
        attempts = Attempts(
            storage, engine, janitor, dialogue, owner=owner, can_serve=readiness.can_serve_turns
        )
        dispatcher = await stack.enter_async_context(
            Dispatcher(storage, attempts, gate, owner=owner, answered=streams.nudge)
        )
        yield Gateway(settings, dialogue, storage, streams, dispatcher, readiness, janitor)


def _sessions_in_use(session: Session) -> set[str]:
    names = session.scalars(
        select(Conversation.engine_session).where(Conversation.engine_session.is_not(None))
    )
    return {name for name in names if name is not None}
