"""The suppression list, by keyed fingerprint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class Suppression(Base):
    """Who gets no marketing, and who was erased and must not come back. Kept when the contact is erased.

    `topics` is what an objection stopped; `erased_at` says that the person behind it was erased on request,
    so that an import must not bring them back.
    """

    __tablename__ = "suppressions"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        Index("ix_suppressions_saved_at", "saved_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    fingerprint: Mapped[str] = mapped_column(String(64))
    # Which key made the fingerprint: an old one goes on being recognised.
    key_id: Mapped[str] = mapped_column(String(40), default="master", server_default="master")
    topics: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(30))
    case_reference: Mapped[str | None] = mapped_column(String(20), default=None)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # When it was last written into the ledger outside the database; None when it changed since.
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Consent(Base):
    """That somebody agreed to get topics over channels: in which words, when, how; and until when."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    topics: Mapped[list[str]] = mapped_column(JSON)
    channels: Mapped[list[str]] = mapped_column(JSON)
    wording: Mapped[str] = mapped_column(EncryptedJson)
    given_over: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    withdrawn_case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), default=None)
