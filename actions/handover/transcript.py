"""A conversation as text, for the ticket that takes its place when nobody is there."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from actions.conversations import log
from actions.conversations.models import Message
from actions.wording import phrase

MOST_MESSAGES = 400


def as_text(session: Session, conversation_id: str) -> str:
    """Who said what, oldest first; private fields and cards are named, their contents stay out.

    Args:
        session: any session.
        conversation_id: whose log.
    """
    messages = log.after(session, conversation_id, 0, MOST_MESSAGES)
    return "\n".join(_line(message) for message in messages if not message.erased)


def _line(message: Message) -> str:
    body: dict[str, Any] = message.body
    if body.get("fields"):
        said = phrase("transcript.private", fields=", ".join(body["fields"]))
    else:
        said = str(body.get("text") or "")
    if card := body.get("card"):
        said += f" [{card['title']}]"
    who = body.get("agent") if message.sender == "agent" else phrase(f"transcript.{message.sender}")
    return f"{message.at:%Y-%m-%d %H:%M} {who}: {said}"
