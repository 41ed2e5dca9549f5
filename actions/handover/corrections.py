"""An agent's second thoughts: words taken back, or said otherwise, after the contact has them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.conversations import log
from actions.conversations.models import Conversation, Message
from actions.handover.services import subject
from actions.wording import phrase


def take_back(session: Session, conversation_id: str, seq: int, agent: str) -> int | None:
    """Erase what an agent said; the contact is told that something was taken back.

    Args:
        session: a writing session.
        conversation_id: in which conversation.
        seq: the agent's message.
        agent: who said it, and takes it back.

    Returns:
        The seq of the note that says so; None when it is gone already.
    """
    conversation, message = _locked(session, conversation_id, seq)
    if conversation is None or message is None:
        return None
    _erase(message)
    text = phrase("handover.reply_taken_back", agent=agent)
    note = log.append(session, conversation, "system", {"text": text, "agent": agent, "replaces": seq})
    _audit(session, conversation_id, agent, "reply_taken_back", seq)
    return note.seq


def correct(session: Session, conversation_id: str, seq: int, agent: str, text: str) -> int | None:
    """Say something otherwise: the first version is erased, and the new one follows, named a correction.

    Args:
        session: a writing session.
        conversation_id: in which conversation.
        seq: the agent's message.
        agent: who said it.
        text: what it is now.

    Returns:
        The seq of the new version; None when the first one is gone already.
    """
    conversation, message = _locked(session, conversation_id, seq)
    if conversation is None or message is None:
        return None
    _erase(message)
    words = phrase("handover.reply_corrected", text=text)
    corrected = log.append(session, conversation, "agent", {"text": words, "agent": agent, "replaces": seq})
    _audit(session, conversation_id, agent, "reply_corrected", seq)
    return corrected.seq


def _locked(session: Session, conversation_id: str, seq: int) -> tuple[Conversation | None, Message | None]:
    conversation = log.lock(session, conversation_id)
    message = session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id,
            Message.seq == seq,
            Message.sender == "agent",
            Message.erased.is_(False),
        )
    )
    return conversation, message


def _erase(message: Message) -> None:
    message.body, message.erased = {}, True


def _audit(session: Session, conversation_id: str, agent: str, action: str, seq: int) -> None:
    record(session, actor=agent, action=action, subject=subject(conversation_id), details={"seq": seq})
