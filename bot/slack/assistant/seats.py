"""Which conversation is held where in Slack: one of each workspace, channel, thread and user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import limits
from actions.clock import now
from actions.conversations import log
from actions.conversations.models import Conversation
from actions.conversations.services import open_conversation
from actions.settings import Settings
from actions.slack.models import SlackCall, SlackConversation
from actions.tasks.greeting import greeting
from actions.vault.models import VaultedValue

PRIVATE = "assistant-private:"


@dataclass(frozen=True)
class Spot:
    """A place where somebody speaks to the assistant.

    Attributes:
        thread_ts: of the thread's first message; empty in direct messages.
    """

    team: str
    channel: str
    thread_ts: str
    user_id: str

    @property
    def name(self) -> str:
        """What its conversation is found by."""
        return f"{self.team}:{self.channel}:{self.thread_ts}:{self.user_id}"

    @property
    def is_direct(self) -> bool:
        """Whether nobody else reads there."""
        return not self.thread_ts


def at(session: Session, spot: Spot) -> SlackConversation | None:
    """The conversation that is held at a place."""
    return session.scalar(select(SlackConversation).where(SlackConversation.place == spot.name))


def of(session: Session, conversation_id: str) -> SlackConversation | None:
    """Where a conversation is held, if it is in Slack."""
    return session.scalar(
        select(SlackConversation).where(SlackConversation.conversation_id == conversation_id)
    )


def private_part(session: Session, channel: str, thread_ts: str) -> SlackConversation | None:
    """The conversation of a channel that goes on in this thread of direct messages."""
    root = session.scalar(
        select(SlackCall.key).where(
            SlackCall.channel == channel, SlackCall.ts == thread_ts, SlackCall.key.startswith(PRIVATE)
        )
    )
    return None if root is None else of(session, root.removeprefix(PRIVATE))


def take(session: Session, spot: Spot, settings: Settings) -> SlackConversation:
    """The conversation of a place; begun now when there is none, or when the last one is over.

    Args:
        session: a writing session.
        spot: where somebody speaks.
        settings: of this process.

    Raises:
        actions.limits.LimitExceeded: they begin too many.
    """
    seat = at(session, spot)
    if seat is not None and not _is_over(session, seat, settings):
        return seat
    limits.hit(session, "conversations", settings.limit("conversations"), f"slack:{spot.user_id}")
    opened = open_conversation(session, greeting(), channel="slack", network=f"slack:{spot.user_id}")
    # In a channel others read along, and nobody asked to be greeted.
    said = 0 if spot.is_direct else opened.messages[-1]["seq"]
    if seat is None:
        seat = SlackConversation(
            place=spot.name, channel=spot.channel, thread_ts=spot.thread_ts, user_id=spot.user_id
        )
        session.add(seat)
    seat.conversation_id, seat.delivered_seq = opened.id, said
    seat.private, seat.open_posts = False, {}
    session.flush()
    return seat


def is_personal(session: Session, seat: SlackConversation) -> bool:
    """Whether a conversation has become personal; from then on it stays so."""
    if not seat.private:
        held = select(VaultedValue.id).where(VaultedValue.conversation_id == seat.conversation_id).limit(1)
        seat.private = session.scalar(held) is not None
    return seat.private


def answered_since(session: Session, conversation_id: str, seq: int) -> bool:
    """Whether the contact has said something since a message, so that what it offered does not count."""
    return any(message.sender == "contact" for message in log.after(session, conversation_id, seq))


def _is_over(session: Session, seat: SlackConversation, settings: Settings) -> bool:
    conversation = session.get(Conversation, seat.conversation_id)
    idle = timedelta(days=settings.conversation_idle_days)
    return conversation is None or conversation.active_at < now(session) - idle
