"""The demo's own table, apart from the real ones: no other installation ever has it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from actions.database.types import EncryptedJson, UtcDateTime


class DemoBase(DeclarativeBase):
    """Base of what migrations know nothing of; the demo makes it when it starts."""


class DemoMail(DemoBase):
    """A mail that would have left the machine."""

    __tablename__ = "demo_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    message_id: Mapped[str | None] = mapped_column(String(255), default=None, unique=True)
    content: Mapped[Any] = mapped_column(EncryptedJson)
