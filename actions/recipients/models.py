"""Tables of disclosures and of the notices that follow a change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import UtcDateTime


class Disclosure(Base):
    """That a recipient was given a contact's details; goes when the contact is erased."""

    __tablename__ = "disclosures"
    __table_args__ = (UniqueConstraint("contact_id", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(64))
    recipient: Mapped[str] = mapped_column(String(40))
    fields: Mapped[list[str]] = mapped_column(JSON)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecipientNotice(Base):
    """A notice to a recipient about a case, and what came of it; holds nothing personal."""

    __tablename__ = "recipient_notices"
    __table_args__ = (UniqueConstraint("case_id", "recipient", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default="to_tell")
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    by: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
