"""A mail server that keeps what it is given, for the demo's mailbox."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.clock import now
from actions.conversations.log import rfc3339
from bot.demo.models import DemoMail
from bot.gateway.storage import Storage

MOST_BYTES = 5_000_000
log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def receiving(storage: Storage, host: str, port: int) -> AsyncIterator[None]:
    """Receive mail for as long as the context lasts.

    Args:
        storage: where it is kept.
        host: the loopback address to listen on.
        port: as the worker's settings name it.

    Raises:
        OSError: the port is taken.
    """
    loop = asyncio.get_running_loop()
    handler = _Keeper(storage)

    def protocol() -> SMTP:
        return SMTP(
            handler, hostname="localhost", ident="Rightline demo", data_size_limit=MOST_BYTES, loop=loop
        )

    server = await loop.create_server(protocol, host, port)
    try:
        yield
    finally:
        server.close()


class _Keeper:
    """What aiosmtpd calls when a mail has come."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            await self._storage.write(keep, content, [str(address) for address in envelope.rcpt_tos])
        except SQLAlchemyError as error:
            log.error("mail_not_kept", kind=type(error).__name__)
            return "451 Try again later"
        return "250 Kept"


def keep(session: Session, content: bytes, recipients: list[str]) -> None:
    """Store a mail, once: sent again after a kill, it has the same Message-ID.

    Args:
        session: a writing session.
        content: the mail as it came.
        recipients: to whom it was delivered.
    """
    mail = message_from_bytes(content, policy=default)
    message_id = str(mail["Message-ID"])[:255] if mail["Message-ID"] else None
    if message_id and session.scalar(select(DemoMail.id).where(DemoMail.message_id == message_id)):
        return
    session.add(DemoMail(at=now(session), message_id=message_id, content=_content(mail, recipients)))


def kept(session: Session) -> list[dict[str, Any]]:
    """Every mail, oldest first."""
    rows = session.scalars(select(DemoMail).order_by(DemoMail.id))
    return [{**row.content, "at": rfc3339(row.at)} for row in rows]


def _content(mail: EmailMessage, recipients: list[str]) -> dict[str, Any]:
    return {
        "to": ", ".join(recipients),
        "subject": str(mail["Subject"] or ""),
        "text": _body(mail, "plain"),
        "html": _body(mail, "html"),
        "attachments": [
            {"name": part.get_filename() or "attachment", "text": _words(part)}
            for part in mail.iter_attachments()
        ],
    }


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return "" if part is None else _words(part).replace("\r\n", "\n")


def _words(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode(_charset(part), "replace") if isinstance(content, bytes) else ""


def _charset(part: Message) -> str:
    try:
        return codecs.lookup(part.get_content_charset("utf-8")).name
    except LookupError:
        return "utf-8"
