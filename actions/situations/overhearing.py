"""Words that are for a person, not for the assistant: of them only danger is answered here."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.clock import now
from actions.conversations.models import Conversation, Message
from actions.conversations.offers import Speech, say
from actions.handover import services as handovers
from actions.situations import services as situations
from actions.situations.facts import helplines
from actions.situations.handling import DANGER, HANDLING
from actions.situations.words import in_reply
from actions.wording import phrase


def heard(session: Session, conversation: Conversation, seq: int) -> None:
    """Take in what a contact wrote while a person is asked for or there.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        seq: what the contact wrote.
    """
    if DANGER in in_reply(_words(session, conversation, seq)):
        situations.note(session, conversation, DANGER)
        cases.raise_task(
            session,
            key=f"situation-{DANGER}-{conversation.id}",
            kind=DANGER,
            text=phrase("situation.task", task=HANDLING[DANGER].task or "", conversation=conversation.id),
            due_on=now(session).date(),
        )
        waiting = handovers.of_conversation(session, conversation.id)
        if waiting is not None and waiting.state == "waiting":
            say(session, conversation, Speech(phrase("situation.danger", **helplines().model_dump())), seq)
    handovers.heard(session, conversation, seq)


def _words(session: Session, conversation: Conversation, seq: int) -> str:
    message = session.scalar(
        select(Message).where(Message.conversation_id == conversation.id, Message.seq == seq)
    )
    return "" if message is None else str(message.body.get("text") or "")
