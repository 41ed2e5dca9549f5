"""The demo's life: its mail server, its contacts, its clock, and starting over."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import anyio.to_thread
import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions import clock
from actions.conversations.log import rfc3339
from actions.conversations.models import Conversation
from actions.database import Database
from actions.database.tables import METADATA
from actions.fulfilment.models import Step
from bot.demo import mailbox
from bot.demo.models import DemoBase, DemoMail
from bot.demo.state import worker_is_at_work
from bot.gateway.service import Gateway

# What tells whether our processes live, and what migrations keep: neither is part of anybody's story.
KEPT_TABLES = frozenset({"alembic_version", "worker_heartbeats", "slack_heartbeats"})

# What the worker has in hand would otherwise reach the contacts of the next story. A CRM or a helpdesk of
# others takes its time.
QUIET_SECONDS = 15.0
LOOK_SECONDS = 0.02

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Demo:
    """What the demo's routes call."""

    gateway: Gateway
    _one_reset: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def mails(self) -> list[dict[str, Any]]:
        """Every mail, oldest first."""
        return await self.gateway.storage.read(mailbox.kept)

    async def advance(self, by: timedelta) -> str:
        """Move the clock on; returns the new present."""
        return rfc3339(await self.gateway.storage.write(clock.advance, by))

    async def reset(self) -> None:
        """Begin anew: nothing said, nothing asked, the contacts as at first, the machine's own time.

        One after the other: whoever gave up waiting for one and asks for the next would meet contacts that
        are just being put there.
        """
        async with self._one_reset:
            await self._reset()

    async def _reset(self) -> None:
        storage = self.gateway.storage
        await storage.write(_cancel_steps)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(QUIET_SECONDS):
                while await storage.read(worker_is_at_work):
                    await asyncio.sleep(LOOK_SECONDS)
        gone, sessions = await storage.write(_clear)
        self.gateway.streams.end(gone)
        for engine_session in sessions:
            self.gateway.janitor.forget(engine_session)
        await anyio.to_thread.run_sync(_put_back, storage.database)


@contextlib.asynccontextmanager
async def demo(gateway: Gateway) -> AsyncIterator[Demo]:
    """The demo around a gateway: contacts are loaded where there are none, and mail is received.

    Mail is left alone where the settings name a server of one's own.
    """
    database = gateway.storage.database
    await anyio.to_thread.run_sync(_prepare, database)
    settings = gateway.settings
    try:
        async with contextlib.AsyncExitStack() as stack:
            if settings.demo_mailbox:
                await stack.enter_async_context(
                    mailbox.receiving(gateway.storage, settings.smtp_host, settings.smtp_port)
                )
            yield Demo(gateway)
    except OSError as error:
        log.error("mailbox_not_listening", port=settings.smtp_port, reason=error.strerror)
        raise


def _prepare(database: Database) -> None:
    from actions.crm.demo import prepare
    from actions.crm.interfaces import CrmError

    # Of several gateways that start at once, one makes the table and the contacts.
    with database.alone("demo"):
        DemoBase.metadata.create_all(database.engine)
        try:
            prepare(database)
        except CrmError as error:
            # A CRM that is away for a while is no reason to talk to nobody.
            log.error("demo_contacts_not_loaded", reason=str(error))


def _put_back(database: Database) -> None:
    from actions.crm.demo import prepare

    # There may be several gateways, and each may be told.
    with database.alone("demo"):
        prepare(database, again=True)


def _cancel_steps(session: Session) -> None:
    session.execute(delete(Step).where(Step.state == "planned"))


def _clear(session: Session) -> tuple[list[str], list[str]]:
    """Empty every table; returns the conversations and engine sessions that were."""
    rows = session.execute(select(Conversation.id, Conversation.engine_session)).all()
    for table in reversed(METADATA.sorted_tables):
        if table.name not in KEPT_TABLES:
            session.execute(delete(table))
    session.execute(delete(DemoMail))
    return [row.id for row in rows], [row.engine_session for row in rows if row.engine_session]
