"""The table of letters about cases, kept as they were sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class SentLetter(Base):
    """A letter of a case, word for word and with its template's version; encrypted, kept as long as the case.

    Of an attachment its name and its SHA-256 are kept, not its content, which may be all that is held on
    somebody.
    """

    __tablename__ = "sent_letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    # Words of the letter: `to`, `subject`, `text` and `html`; None once they were erased.
    content: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson, default=None)
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the mail server took it; None while it waits, or when it never did.
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
