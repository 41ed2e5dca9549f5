"""What was erased, and what is still to be erased once a ground ends."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import UtcDateTime

BY_THE_CRM = "active_agreement"
"""The ground whose end the CRM knows of; any other is for a person to judge."""


class Erasure(Base):
    """That a contact was erased, or reduced to what a ground keeps, as it was decided.

    It holds the CRM's id of the contact, which names nobody once they are gone, keyed hashes of the addresses
    that were theirs alone, and nothing else of theirs.
    """

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The journal's key of the step that recorded it, so that it is recorded once.
    key: Mapped[str] = mapped_column(String(160), unique=True)
    case_reference: Mapped[str] = mapped_column(String(20), index=True)
    contact_id: Mapped[str] = mapped_column(String(64), index=True)
    # The CRM fields that a ground keeps; none when everything goes.
    keep: Mapped[list[str]] = mapped_column(JSON)
    hashes: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True, default=None)


class DeferredErasure(Base):
    """What a ground keeps of an erased contact, until it ends (policy 3 and 9.4)."""

    __tablename__ = "deferred_erasures"
    __table_args__ = (Index("ix_deferred_erasures_look", "state", "look_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), unique=True)
    contact_id: Mapped[str] = mapped_column(String(64), index=True)
    ground: Mapped[str] = mapped_column(String(40))
    # When the ground is expected to end; None when nobody knows.
    review_on: Mapped[date | None] = mapped_column(Date, default=None)
    # waiting: looked at from `look_at` on; over: erased, or nothing was left to erase.
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
