"""Opening a conversation and telling its owner from anybody else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.conversations import log
from actions.conversations.interfaces import ConversationError
from actions.conversations.models import Conversation
from actions.conversations.offers import Speech, say
from actions.settings import get_settings
from actions.vault.cipher import keyed_hash, same


@dataclass(frozen=True)
class Opened:
    """A new conversation: the token is shown once and only its keyed hash is kept."""

    id: str
    token: str
    messages: list[dict[str, Any]]


def open_conversation(
    session: Session,
    greeting: list[Speech],
    *,
    channel: str = "web",
    network: str = "",
    time_zone: str | None = None,
) -> Opened:
    """Begin a conversation with the assistant's greeting.

    Args:
        session: a writing session.
        greeting: the first messages.
        channel: `web`, `slack` or `terminal`.
        time_zone: IANA name of the zone the contact is in, if known.
        network: the network address it came from; kept as a keyed hash, for limits.
    """
    token = secrets.token_urlsafe(32)
    at = now(session)
    conversation = Conversation(
        # Hexadecimal: an agent types it after a command, where a leading dash would be read as an option.
        id=secrets.token_hex(16),
        token_hash=keyed_hash("conversation-token", token),
        channel=channel,
        network=keyed_hash("network", network) if network else "",
        created_at=at,
        active_at=at,
        last_seq=0,
        open_turns=0,
        misunderstandings=0,
        with_person=False,
        time_zone=time_zone,
    )
    session.add(conversation)
    session.flush()
    for speech in greeting:
        say(session, conversation, speech)
    messages = [log.render(message) for message in log.after(session, conversation.id, 0)]
    return Opened(conversation.id, token, messages)


def authenticate(session: Session, conversation_id: str, token: str | None) -> Conversation:
    """The conversation, for whoever holds its token.

    Raises:
        ConversationError: 401 without a token or with a wrong one, 404 for an unknown conversation,
            or one that nobody has gone on with for long.
    """
    if not token:
        raise ConversationError(
            401, "unauthorized", "Send the conversation's token as 'Authorization: Bearer …'."
        )
    conversation = session.scalar(select(Conversation).where(Conversation.id == conversation_id))
    if conversation is None:
        raise ConversationError(404, "unknown_conversation", "There is no conversation with this id.")
    if not same(conversation.token_hash, keyed_hash("conversation-token", token)):
        raise ConversationError(401, "unauthorized", "This token does not belong to this conversation.")
    idle = timedelta(days=get_settings().conversation_idle_days)
    if conversation.active_at < now(session) - idle:
        raise ConversationError(
            404, "conversation_over", "This conversation ended long ago. Please begin a new one."
        )
    return conversation
