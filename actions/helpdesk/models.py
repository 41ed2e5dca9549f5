"""Tables of the embedded helpdesk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class HelpdeskTicket(Base):
    """One ticket; what people wrote is encrypted."""

    __tablename__ = "helpdesk_tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    requestor: Mapped[str | None] = mapped_column(EncryptedJson)
    requestor_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    body: Mapped[str | None] = mapped_column(EncryptedJson)
    state: Mapped[str] = mapped_column(String(12), default="open")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseTicket(Base):
    """Which ticket is a case's, in whatever helpdesk is used, and what it has heard of the case."""

    __tablename__ = "helpdesk_case_tickets"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    ticket_id: Mapped[str | None] = mapped_column(String(64), default=None)
    # The last event of the case that stands on the ticket.
    told_until: Mapped[int] = mapped_column(default=0)
    # The step that is writing to the ticket.
    busy_step: Mapped[int | None] = mapped_column(default=None)


class HelpdeskComment(Base):
    """A comment on a ticket."""

    __tablename__ = "helpdesk_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("helpdesk_tickets.id", ondelete="CASCADE"), index=True)
    text: Mapped[str | None] = mapped_column(EncryptedJson)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
