"""Who was written to, and since when everybody is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import UtcDateTime


class ContactNotice(Base):
    """The one notice of one contact. Its row, not the letter, is what makes it one only."""

    __tablename__ = "contact_notices"

    contact_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    # planned; sent; by_a_person: our mail cannot reach them; not_needed: gone or restricted by then.
    state: Mapped[str] = mapped_column(String(14), default="planned", index=True)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # The version of the letter's template, to tell what it said.
    version: Mapped[int | None] = mapped_column(default=None)


class NoticeStart(Base):
    """From when on every contact who is added is written to: thirty days before we began."""

    __tablename__ = "notice_start"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the daily run last went through everybody, and when it comes next.
    ran_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
