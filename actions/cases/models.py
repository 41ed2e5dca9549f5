"""Tables of cases, their history and the tasks they give to people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
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
    # Whose law it is; elsewhere there are other regulators, and no pause.
    jurisdiction: Mapped[str] = mapped_column(String(8), default="uk")
    # When the proof came that an agent counts from; `received_at` stays what it was.
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # While a clarification was awaited: pairs of dates, of asking and of the answer, null until it comes.
    pauses: Mapped[list[list[str | None]]] = mapped_column(JSON, default=list)
    paused_days: Mapped[int] = mapped_column(default=0)
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    due_on: Mapped[date] = mapped_column(Date)
    # When the contact was told that it is on record and who looks at it; what a complaint's clock asks for.
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # When a ground to keep something is looked at again.
    review_on: Mapped[date | None] = mapped_column(Date, index=True, default=None)
    assigned_to: Mapped[str | None] = mapped_column(String(80), index=True, default=None)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    details: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(EncryptedJson), default=dict)
    decided_by: Mapped[str | None] = mapped_column(String(80), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    decision: Mapped[str | None] = mapped_column(String(24), default=None)
    reason: Mapped[str | None] = mapped_column(EncryptedJson, default=None)
    # The article or section a decision rests on.
    ground: Mapped[str | None] = mapped_column(String(120), default=None)
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


class CaseNote(Base):
    """What somebody wrote down about a case; encrypted, since people write names."""

    __tablename__ = "case_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16), default="note")
    text: Mapped[str] = mapped_column(EncryptedJson)


class CaseTag(Base):
    """A word that sorts cases into queues, such as `restricted`."""

    __tablename__ = "case_tags"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class CaseLink(Base):
    """Two cases that belong together; one row a pair, the older case first."""

    __tablename__ = "case_links"
    __table_args__ = (UniqueConstraint("case_id", "other_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))


class CaseSearch(Base):
    """A place that was searched for a case, or was not, and why."""

    __tablename__ = "case_searches"
    __table_args__ = (UniqueConstraint("case_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    searched: Mapped[bool]
    found: Mapped[int | None] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(EncryptedJson, default="")


class LegalHold(Base):
    """An order to keep: nothing of the case or the contact is erased or expires while it stands."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), index=True, default=None
    )
    contact_id: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    address_hash: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    reason: Mapped[str] = mapped_column(EncryptedJson)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    placed_by: Mapped[str] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True, default=None)
    lifted_by: Mapped[str | None] = mapped_column(String(80), default=None)


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
