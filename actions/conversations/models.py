"""Tables of the message log and of the turns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class Conversation(Base):
    """One chat of one contact. Its row lock is what orders the message log."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20), default="web")
    network: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    last_seq: Mapped[int] = mapped_column(default=0)
    open_turns: Mapped[int] = mapped_column(default=0)
    engine_session: Mapped[str | None] = mapped_column(String(64), default=None)
    # The offer that the contact's next message may answer: choices and ask, with the seq that made it.
    offer_seq: Mapped[int | None] = mapped_column(default=None)
    offer: Mapped[Any] = mapped_column(EncryptedJson, nullable=True, default=None)
    # Where the contact's clock is, by its IANA name, if their browser said so.
    time_zone: Mapped[str | None] = mapped_column(String(64), default=None)
    misunderstandings: Mapped[int] = mapped_column(default=0)
    # What the contact writes is for a person, who is asked for or there; the assistant does not answer it.
    with_person: Mapped[bool] = mapped_column(default=False, server_default=false())


class Message(Base):
    """One entry of the log; `seq` counts from 1 in each conversation without gaps."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE")
    )
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sender: Mapped[str] = mapped_column(String(12))
    reply_to: Mapped[int | None] = mapped_column(default=None)
    body: Mapped[Any] = mapped_column(EncryptedJson)
    erased: Mapped[bool] = mapped_column(default=False)


class Turn(Base):
    """A contact's message on its way to an answer, and the receipt once it has one."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "key"),
        Index("ix_turns_open", "answered_at", "lease_until"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE")
    )
    seq: Mapped[int]
    key: Mapped[str | None] = mapped_column(String(200), default=None)
    content_hash: Mapped[str] = mapped_column(String(64))
    # What goes to the engine: text with placeholders, or an intent with a payload. Nothing personal.
    engine_text: Mapped[str] = mapped_column(default="")
    # The kinds of what was taken out of the message (`nlu.pseudonyms.MASKED`), so that it is said so.
    masked: Mapped[list[str] | None] = mapped_column(JSON, default=None)
    # False for what was taken in before the recogniser of names had been trained: see `intake.hide_names`.
    names_hidden: Mapped[bool] = mapped_column(default=True)
    offered: Mapped[Any] = mapped_column(EncryptedJson, nullable=True, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(64), default=None)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    receipt: Mapped[Any] = mapped_column(EncryptedJson, nullable=True, default=None)
