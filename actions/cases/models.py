"""Tables of cases, their history and the tasks they give to people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column, validates

from actions.cases.interfaces import CLOSED_STATES
from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime
from actions.vault.cipher import keyed_hash


def address_hash(address: str) -> str:
    """The keyed hash by which cases of one address are found, whatever its letters' case."""
    return keyed_hash("address", address.strip().lower())


class Case(Base):
    """One request of one person. Its state changes through `services.move` only.

    Of `details`, top-level keys may be assigned in place; to change what lies deeper, assign the key anew.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_address", "address_hash", "right", "state"),
        Index("ix_cases_state_due", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    right: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(24), default="draft")
    conversation_id: Mapped[str | None] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="SET NULL"), index=True, default=None
    )
    channel: Mapped[str] = mapped_column(String(20), default="web")
    contact_id: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    address: Mapped[str | None] = mapped_column(EncryptedJson, default=None)
    address_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Days during which the clock stood still while a clarification was awaited (access only).
    paused_days: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date] = mapped_column(Date)
    details: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(EncryptedJson), default=dict)
    decided_by: Mapped[str | None] = mapped_column(String(80), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    decision: Mapped[str | None] = mapped_column(String(24), default=None)
    reason: Mapped[str | None] = mapped_column(EncryptedJson, default=None)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in CLOSED_STATES

    @validates("address")
    def _fingerprint(self, _name: str, address: str | None) -> str | None:
        # The hash outlives the address, so that a closed case can still be found by who asks about it.
        if address is not None:
            self.address_hash = address_hash(address)
        return address


class CaseEvent(Base):
    """One line of a case's history; holds nothing personal."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    from_state: Mapped[str | None] = mapped_column(String(24), default=None)
    to_state: Mapped[str] = mapped_column(String(24))
    note: Mapped[str] = mapped_column(Text, default="")


class AgentTask(Base):
    """Something a person has to do: a review, a manual source, a stuck step. Nothing personal in the text."""

    __tablename__ = "agent_tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), index=True, default=None
    )
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True, default=None)
    done_by: Mapped[str | None] = mapped_column(String(80), default=None)
