"""What turned up in a conversation, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import UtcDateTime


class ConversationSituation(Base):
    """One situation of a conversation. Only its name is kept; the words are in the message log."""

    __tablename__ = "conversation_situations"

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    times: Mapped[int] = mapped_column(default=1)
    # When a person has decided that it counts no longer, and who.
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    settled_by: Mapped[str | None] = mapped_column(String(80), default=None)
