"""Tables of the Slack app. They stand here, and not beside it, so that retention and erasure reach them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class SlackCall(Base):
    """A call of Slack's Web API, from the transaction that decided it until it has had its effect.

    A delivered one stays for as long as Slack has what it posted: where that is, and whom it is about.
    """

    __tablename__ = "slack_calls"
    __table_args__ = (
        Index("ix_slack_calls_due", "state", "not_before"),
        Index("ix_slack_calls_order", "order_key", "state", "id"),
        Index("ix_slack_calls_about", "conversation_id", "case_id"),
        Index("ix_slack_calls_place", "channel", "ts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The caller's own name for this effect: put in again, it is there already.
    key: Mapped[str] = mapped_column(String(160), unique=True)
    # Calls of one order key reach Slack one after the other, as they were put in.
    order_key: Mapped[str] = mapped_column(String(160))
    method: Mapped[str] = mapped_column(String(60))
    # Destroyed when the call is over.
    arguments: Mapped[Any] = mapped_column(EncryptedJson, nullable=True, default=None)
    # waiting, sending, done, failed (Slack refused it for good), cancelled
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    # An attempt ended without an answer: it may have had its effect.
    doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    # By the machine's clock, as leases are.
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    first_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    lease_owner: Mapped[str | None] = mapped_column(String(64), default=None)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # Where Slack put it.
    channel: Mapped[str | None] = mapped_column(String(24), default=None)
    ts: Mapped[str | None] = mapped_column(String(32), default=None)
    error: Mapped[str] = mapped_column(String(80), default="")
    # Whom it is about, so that it can be taken out of Slack again; by value, since they may go first.
    conversation_id: Mapped[str | None] = mapped_column(String(64), default=None)
    case_id: Mapped[int | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, index=True)
    redacted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class SlackDelivery(Base):
    """Something Slack delivered: an event, a press, a command. Its row is written with its effect."""

    __tablename__ = "slack_deliveries"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # None while it was acknowledged only: whoever finds it so carries it out, from the body.
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    body: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson, default=None)


class SlackPerson(Base):
    """Somebody of the workspace who works here, by the name that cases and the audit trail keep."""

    __tablename__ = "slack_people"

    user_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # While they are away, their deputies have their role.
    away_since: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class SlackThread(Base):
    """The thread of a handover in the support channel; its calls are named for it."""

    __tablename__ = "slack_threads"

    # By value: the conversation may go first, and its thread must still be found to be blanked.
    handover_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    # What its calls are called by and ordered by: a handover's number comes again once it is deleted.
    name: Mapped[str] = mapped_column(String(60), unique=True)
    channel: Mapped[str] = mapped_column(String(24))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Messages of the conversation up to this seq have been put into the thread, or need not be.
    shown_seq: Mapped[int]
    # How the handover stood when the first message was last written: its state, who has it, how it ended.
    shown_state: Mapped[str] = mapped_column(String(120))
    # By the machine's clock: until when everything written in the thread is known to us.
    caught_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, index=True)


class SlackReply(Base):
    """What a colleague wrote in such a thread: where, and what became of it."""

    __tablename__ = "slack_replies"
    __table_args__ = (UniqueConstraint("channel", "ts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(
        ForeignKey("slack_threads.handover_id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(String(24))
    ts: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(40))
    # said: the contact has it; held: until its writer says what to do; note; refused; taken_back; removed
    state: Mapped[str] = mapped_column(String(12))
    # The contact's message that it became, its newest version.
    seq: Mapped[int | None] = mapped_column(default=None)
    # Slack's time of the last change that we followed.
    edited: Mapped[str] = mapped_column(String(32), default="")
    # Its words, only while it is held.
    text: Mapped[Any] = mapped_column(EncryptedJson, nullable=True, default=None)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SlackConversation(Base):
    """Where in Slack a conversation with the assistant is held: direct messages, or a thread of a channel."""

    __tablename__ = "slack_conversations"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Workspace, channel, thread and user: one conversation of each.
    place: Mapped[str] = mapped_column(String(120), unique=True)
    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), unique=True
    )
    channel: Mapped[str] = mapped_column(String(24))
    # Empty in direct messages.
    thread_ts: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(24))
    # From the first personal value on, a conversation that began in a channel goes on in direct messages.
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Up to here the log is in Slack, or in the queue on its way there.
    delivered_seq: Mapped[int] = mapped_column(default=0)
    # The posts with buttons that still count, by the seq of their message: their names in the queue.
    open_posts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class SlackHeartbeat(Base):
    """When a process of the Slack app last said that it lives, by the machine's clock."""

    __tablename__ = "slack_heartbeats"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Since it came about for the first time: Slack renews its connections all day long.
    is_connected: Mapped[bool]
