"""The queue of a conversation's requests, one row each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class Task(Base):
    """One request being served (`active`), waiting its turn (`queued`) or over (`over`)."""

    __tablename__ = "dialogue_tasks"
    __table_args__ = (Index("ix_dialogue_tasks_conversation_state", "conversation_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE")
    )
    intent: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    rank: Mapped[int] = mapped_column(default=0)
    stage: Mapped[int] = mapped_column(default=0)
    # The form's slot that the next message should fill: a field, or `choice`.
    awaits: Mapped[str | None] = mapped_column(String(10), default=None)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), default=None)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[Any] = mapped_column(EncryptedJson)
