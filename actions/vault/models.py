"""Vaulted values, one row a value."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class VaultedValue(Base):
    """A value behind a placeholder of one conversation."""

    __tablename__ = "vaulted_values"
    __table_args__ = (UniqueConstraint("conversation_id", "placeholder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    placeholder: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(EncryptedJson)
    fingerprint: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
