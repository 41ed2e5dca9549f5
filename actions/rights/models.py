"""Tables of the agents' review of free text before it is sent to a contact."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class ReviewItem(Base):
    """One piece of free text that answers a request for access, and what an agent decided about it.

    The text is a copy, encrypted, so that what was reviewed is what is sent; the texts are destroyed once the
    answer is sent or the case is closed otherwise, while the decision stays.
    """

    __tablename__ = "review_items"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    number: Mapped[int]
    source: Mapped[str] = mapped_column(String(40))
    # What the source calls it: an email's or a ticket's id.
    ref: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    title: Mapped[str | None] = mapped_column(EncryptedJson, default=None)
    text: Mapped[str | None] = mapped_column(EncryptedJson, default=None)
    # What the contact gets of it, once redacted; None while it is kept whole, or withheld.
    shown: Mapped[str | None] = mapped_column(EncryptedJson, default=None)
    verdict: Mapped[str | None] = mapped_column(String(12), default=None)
    exemption: Mapped[str | None] = mapped_column(String(40), default=None)
    decided_by: Mapped[str | None] = mapped_column(String(80), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
