"""Tables of handovers and of the agents who answer them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class Handover(Base):
    """A contact's wish for a person, from asking until it is over."""

    __tablename__ = "handovers"
    __table_args__ = (Index("ix_handovers_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The contact's message that asked for a person; what comes after it is for them.
    from_seq: Mapped[int]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by: Mapped[str | None] = mapped_column(String(80), default=None)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    outcome: Mapped[str | None] = mapped_column(String(20), default=None)
    # Keys of what agents have sent already: a repeated delivery is said once.
    sent_keys: Mapped[Any] = mapped_column(EncryptedJson, default=list)


class DeskAgent(Base):
    """Somebody who works at the desk; of their token only a keyed hash is kept."""

    __tablename__ = "desk_agents"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    role: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    on_duty_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
