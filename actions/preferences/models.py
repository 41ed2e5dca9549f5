"""The suppression list, by keyed fingerprint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import UtcDateTime


class Suppression(Base):
    """An address that gets no marketing. Kept when the contact is erased, so that no import revives it."""

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    fingerprint: Mapped[str] = mapped_column(String(64))
    topics: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(30))
    case_reference: Mapped[str | None] = mapped_column(String(20), default=None)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
