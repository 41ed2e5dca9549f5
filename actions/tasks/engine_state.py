"""What a fresh engine session must be told to carry on where the last one was."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.conversations.models import Conversation
from actions.tasks import queue


def requested_slot(session: Session, conversation: Conversation) -> str | None:
    """The form's slot that the conversation's task waits for, or None when no form is under way."""
    task = queue.active(session, conversation.id)
    return None if task is None else task.awaits
