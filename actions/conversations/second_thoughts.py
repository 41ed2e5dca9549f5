"""A contact's second thoughts: what they wrote, changed or taken back where their channel lets them.

What was said and answered stays said: a change cannot undo what came of it. What was not answered yet is
answered as it stands now.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.clock.services import machine_now
from actions.conversations import intake, log
from actions.conversations.interfaces import TurnInput
from actions.conversations.models import Conversation, Message, Turn

Change = Literal["changed", "nothing_new", "for_person", "too_late", "unknown"]
Withdrawal = Literal["withdrawn", "removed", "unknown"]


def change(
    session: Session, conversation_id: str, key: str, text: str, *, escapes: frozenset[str] = frozenset()
) -> Change:
    """Let a message say something else, as long as nobody has begun to answer it.

    Args:
        session: a writing session.
        conversation_id: whose.
        key: the sender's own name for the message, as `intake.accept` was given it.
        text: what it says now.
        escapes: as for `intake.accept`.

    Returns:
        `changed`: it is answered as it stands now. `nothing_new`: it said so already. `for_person`: a person
        reads along, so the change must be told them; nothing was changed. `too_late`: it was answered, or is
        being answered. `unknown`: there is no such message, or it was taken back.
    """
    conversation, message, turn = _found(session, conversation_id, key)
    if conversation is None or message is None or turn is None:
        return "unknown"
    given = TurnInput(text=text)
    content_hash = intake.hash_of(given)
    if turn.content_hash == content_hash:
        return "nothing_new"
    if conversation.with_person:
        return "for_person"
    # What was taken for the answer to a field is in the vault, and what asked for it is gone.
    if not _is_free(turn) or "fields" in message.body:
        return "too_late"
    taken = intake.digest(session, conversation, given, escapes)
    message.body = dict(taken.body)
    turn.content_hash, turn.engine_text = content_hash, taken.engine_text
    turn.masked, turn.names_hidden = list(taken.masked) or None, taken.names_hidden
    return "changed"


def take_back(session: Session, conversation_id: str, key: str) -> tuple[Withdrawal, int]:
    """Erase what a contact wrote; where nobody has begun to answer it, nobody will.

    Args:
        session: a writing session.
        conversation_id: whose.
        key: as for `change`.

    Returns:
        `withdrawn`: nothing comes of it. `removed`: the words are gone, and what came of them stands.
        `unknown`: there is no such message, or it is gone already. With it the message's seq, 0 for none.
    """
    conversation, message, turn = _found(session, conversation_id, key)
    if conversation is None or message is None or turn is None:
        return "unknown", 0
    message.body, message.erased = {}, True
    turn.offered, turn.masked = None, None
    if _is_free(turn):
        turn.answered_at = now(session)
        turn.engine_text, turn.receipt = "", {"events": []}
        conversation.open_turns = max(0, conversation.open_turns - 1)
        return "withdrawn", message.seq
    if turn.answered_at is None:
        # The engine has it in hand; should it ask for it again, there are no words any more.
        turn.engine_text = intake.NOTHING_SAID
    else:
        turn.engine_text, turn.receipt = "", {"events": []}
    return "removed", message.seq


def _found(
    session: Session, conversation_id: str, key: str
) -> tuple[Conversation | None, Message | None, Turn | None]:
    conversation = log.lock(session, conversation_id)
    turn = session.scalar(select(Turn).where(Turn.conversation_id == conversation_id, Turn.key == key))
    if turn is None:
        return conversation, None, None
    message = session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.seq == turn.seq, Message.erased.is_(False)
        )
    )
    return conversation, message, turn


def _is_free(turn: Turn) -> bool:
    """Whether nobody has begun to answer: no receipt, and with no gateway now nor before."""
    leased = turn.lease_until is not None and turn.lease_until > machine_now()
    return turn.answered_at is None and turn.attempts == 0 and not leased
