"""Taking in what a contact sends: checked, stored, its values vaulted, queued as a turn."""

from __future__ import annotations

import json
import re
import secrets
import threading
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import limits
from actions.conversations import log, offers
from actions.conversations.interfaces import Body, ConversationError, TurnInput
from actions.conversations.models import Conversation, Turn
from actions.identity.models import VerificationCode
from actions.vault import services as vault
from actions.vault.cipher import keyed_hash, same

if TYPE_CHECKING:
    from nlu.pseudonyms import Pseudonymiser

WHOLE_REPLY_FIELDS = ("name", "value")
KINDS = {"name": "person"}
NOTHING_SAID = "…"
OFFERED_WITHIN = 20

_loading = threading.Lock()
_loaded: list[Pseudonymiser] = []


def pseudonymiser() -> Pseudonymiser:
    """This process's pseudonymiser; the first call loads it, which takes a second or two.

    Call it once before the first transaction that accepts a message, so that nobody waits for its lock.
    """
    if not _loaded:
        with _loading:
            if not _loaded:
                from actions.wording import organisation
                from nlu.pseudonyms import Pseudonymiser

                _loaded.append(Pseudonymiser(public=organisation().public_names))
    return _loaded[0]


def pseudonymiser_is_loaded() -> bool:
    """Whether `pseudonymiser` returns at once."""
    return bool(_loaded)


def accept(
    session: Session,
    conversation_id: str,
    given: TurnInput,
    *,
    key: str | None = None,
    escapes: frozenset[str] = frozenset(),
    limit: str | None = None,
) -> int:
    """Store a contact's message and queue its turn.

    Args:
        session: a writing session.
        conversation_id: an authenticated conversation.
        given: the content, already validated in form.
        key: the sender's own name for this message; the same key with the same content has no further effect.
        escapes: simplified wordings (`offers.simplified`) never taken for the name or value asked for.
        limit: how many messages the conversation may take, as `60/minute`; a repeated key does not count.

    Returns:
        The message's seq.

    Raises:
        ConversationError: 404 unknown; 409 for a key reused for other content, or for a choice or fields that
            are not on offer any more.
        actions.limits.LimitExceeded: too many messages.
    """
    conversation = log.lock(session, conversation_id)
    if conversation is None:
        raise ConversationError(404, "unknown_conversation", "There is no conversation with this id.")
    content_hash = keyed_hash("turn-content", json.dumps(given.canonical(), sort_keys=True))
    if key is not None and (seq := _seen_before(session, conversation_id, key, content_hash)) is not None:
        return seq
    if limit is not None:
        limits.hit(session, "messages", limit, conversation_id)
    body, engine_text = _digest(session, conversation, given, escapes)
    offered = sorted(offers.offered_choices(conversation))
    message = log.append(session, conversation, "contact", body)
    offers.withdraw_offer(conversation)
    conversation.open_turns += 1
    session.add(
        Turn(
            id=secrets.token_hex(16),
            conversation_id=conversation_id,
            seq=message.seq,
            key=key,
            content_hash=content_hash,
            engine_text=engine_text,
            offered=offered,
            attempts=0,
        )
    )
    session.flush()
    return message.seq


def _seen_before(session: Session, conversation_id: str, key: str, content_hash: str) -> int | None:
    turn = session.scalar(select(Turn).where(Turn.conversation_id == conversation_id, Turn.key == key))
    if turn is None:
        return None
    if not same(turn.content_hash, content_hash):
        raise ConversationError(
            409, "key_reused", "This key was already used for another message; use a new one."
        )
    return turn.seq


def _digest(
    session: Session, conversation: Conversation, given: TurnInput, escapes: frozenset[str]
) -> tuple[Body, str]:
    if given.choice is not None:
        return _chosen(session, conversation, given.choice)
    if given.text is None:
        return _filled_in(session, conversation, given.fields)
    from nlu.pseudonyms import clean

    text = clean(given.text)
    shown: Body = {"text": text or given.text}
    typed = offers.typed_choice(conversation, text)
    if typed is not None:
        return shown, offers.offered_choices(conversation)[typed]["send"]
    asked = offers.asked_field(conversation)
    if asked in WHOLE_REPLY_FIELDS and offers.simplified(text) not in escapes:
        return {"fields": [asked]}, _provide({asked: _put(session, conversation.id, asked, text)})
    if asked in (None, "email") and _was_sent_a_code(session, conversation.id):
        # Six digits may be that code, typed too late or after another question: the engine must not read it.
        asked = "code"
    return shown, hide(session, conversation.id, text, asked)


def _was_sent_a_code(session: Session, conversation_id: str) -> bool:
    sent = select(VerificationCode.id).where(VerificationCode.conversation_id == conversation_id).limit(1)
    return session.scalar(sent) is not None


def _chosen(session: Session, conversation: Conversation, choice: str) -> tuple[Body, str]:
    current = offers.offered_choices(conversation)
    if choice not in current:
        raise ConversationError(
            409, "stale_choice", "This choice is not on offer any more; see the latest message."
        )
    return {"text": _label(session, conversation, choice), "choice": choice}, current[choice]["send"]


def _label(session: Session, conversation: Conversation, choice: str) -> str | None:
    """What stands on the button, which is what its presser said."""
    since = (conversation.offer_seq or 0) - OFFERED_WITHIN
    for message in reversed(log.after(session, conversation.id, since, limit=2 * OFFERED_WITHIN)):
        for offered in message.body.get("choices", ()):
            if offered["id"] == choice:
                return str(offered["label"])
    return None


def _filled_in(session: Session, conversation: Conversation, fields: dict[str, str]) -> tuple[Body, str]:
    asked = offers.asked_field(conversation)
    if set(fields) != {asked}:
        raise ConversationError(
            409, "stale_ask", "These fields are not asked for now; see the latest message."
        )
    placeholders = {name: _put(session, conversation.id, name, fields[name]) for name in fields}
    return {"fields": sorted(fields)}, _provide(placeholders)


def _put(session: Session, conversation_id: str, field: str, raw: str) -> str:
    """Vault what was given for a field, normalised where the pseudonymiser knows it for such a thing."""
    from nlu.pseudonyms import clean

    text = " ".join(clean(raw).split()) or raw.strip()
    if field in WHOLE_REPLY_FIELDS:
        return vault.put(session, conversation_id, KINDS.get(field, field), text)
    found = pseudonymiser().hide(text, asked=field).found
    is_one = len(found) == 1 and found[0].kind == field
    return vault.put(session, conversation_id, field, found[0].value if is_one else text)


def _provide(placeholders: dict[str, str]) -> str:
    return f"/provide{json.dumps(placeholders)}"


def hide(session: Session, conversation_id: str, text: str, asked: str | None) -> str:
    """What the engine may read of a text: every value replaced and put into the vault, and no command in it.

    A slash at the beginning would set an intent past all understanding, so it goes.
    """
    hidden = pseudonymiser().hide(text, asked=asked, known=vault.known(session, conversation_id))
    kept = {
        placeholder: vault.put(session, conversation_id, found.kind, found.value)
        for placeholder, found in hidden.placeholders.items()
    }
    renamed = _renamed(hidden.text, kept)
    return renamed.lstrip("/ \t\r\n") or NOTHING_SAID


def _renamed(text: str, names: dict[str, str]) -> str:
    """Every placeholder under the name the vault gave it, all at once: no new name is renamed again."""
    if not names:
        return text
    anywhere = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{anywhere})(?!\w)", lambda match: names[match.group()], text)
