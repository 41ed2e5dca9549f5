"""Taking in what a contact sends: checked, stored, its values vaulted, queued as a turn."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import limits
from actions.conversations import log, offers
from actions.conversations.interfaces import Body, ConversationError, TurnInput
from actions.conversations.models import Conversation, Turn
from actions.identity.models import VerificationCode
from actions.memory import settle
from actions.vault import services as vault
from actions.vault.cipher import keyed_hash, same

if TYPE_CHECKING:
    from nlu.pseudonyms import Hidden, Pseudonymiser, Seen

WHOLE_REPLY_FIELDS = ("name", "value")
KINDS = {"name": "person"}
NOTHING_SAID = "…"

logger = structlog.get_logger(__name__)
_loading = threading.Lock()
_loaded: list[Pseudonymiser] = []


def pseudonymiser() -> Pseudonymiser:
    """This process's pseudonymiser; the first call loads it, which takes a second or two.

    Call it once before the first transaction that accepts a message, so that nobody waits for its lock.
    """
    if not _loaded:
        with _loading:
            if not _loaded:
                from actions.masking import masking
                from actions.wording import organisation
                from nlu.pseudonyms import Pseudonymiser

                _loaded.append(Pseudonymiser(public=organisation().public_names, masking=masking()))
                settle()
    return _loaded[0]


def pseudonymiser_is_loaded() -> bool:
    """Whether `pseudonymiser` returns at once."""
    return bool(_loaded)


Foreseen = Mapping[tuple[str, str | None], "Seen"]
"""What was found in texts, by the text and the field it is read as an answer to."""


def foresee(session: Session, conversation: Conversation, given: TurnInput) -> Foreseen:
    """Look for personal data before the message is taken in: it takes milliseconds, and no lock waits for it.

    Args:
        session: a reading session.
        conversation: the conversation as it stands; should it change meanwhile, `accept` looks again.
        given: the content, already validated in form.
    """
    if given.choice is not None:
        return {}
    if given.text is None:
        texts = {(text, name): name for name, text in given.fields.items()}
        return {key: pseudonymiser().look(key[0], asked=name) for key, name in texts.items()}
    asked = _read_as(session, conversation)
    return {(given.text, asked): pseudonymiser().look(given.text, asked=asked)}


def accept(
    session: Session,
    conversation_id: str,
    given: TurnInput,
    *,
    key: str | None = None,
    escapes: frozenset[str] = frozenset(),
    limit: str | None = None,
    foreseen: Foreseen | None = None,
    to_assistant: Callable[[Conversation, Turn], None] | None = None,
    to_person: Callable[[Session, Conversation, int], None] | None = None,
) -> int:
    """Store a contact's message and queue its turn.

    Args:
        session: a writing session.
        conversation_id: an authenticated conversation.
        given: the content, already validated in form.
        key: the sender's own name for this message; the same key with the same content has no further effect.
        escapes: simplified wordings (`offers.simplified`) never taken for the name or value asked for.
        limit: how many messages the conversation may take, as `60/minute`; a repeated key does not count.
        foreseen: what `foresee` returned for this message.
        to_assistant: told the turn that is to be answered, before it is committed.
        to_person: told the seq of words that are for a person and not for the assistant.

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
    content_hash = hash_of(given)
    if key is not None and (seq := _seen_before(session, conversation_id, key, content_hash)) is not None:
        return seq
    if limit is not None:
        limits.hit(session, "messages", limit, conversation_id)
    taken = digest(session, conversation, given, escapes, foreseen or {})
    offered = sorted(offers.offered_choices(conversation))
    message = log.append(session, conversation, "contact", taken.body)
    offers.withdraw_offer(conversation)
    # A button is always the assistant's; words are a person's while one is asked for or there.
    for_person = conversation.with_person and "choice" not in taken.body and not taken.is_button
    turn = Turn(
        id=secrets.token_hex(16),
        conversation_id=conversation_id,
        seq=message.seq,
        key=key,
        content_hash=content_hash,
        engine_text=taken.engine_text,
        masked=list(taken.masked) or None,
        names_hidden=taken.names_hidden,
        offered=offered,
        attempts=0,
        answered_at=message.at if for_person else None,
        receipt={"events": []} if for_person else None,
    )
    session.add(turn)
    if not for_person:
        conversation.open_turns += 1
        if to_assistant is not None:
            to_assistant(conversation, turn)
    elif to_person is not None:
        to_person(session, conversation, message.seq)
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


@dataclass(frozen=True)
class Taken:
    """What becomes of a message: what is stored, what the engine reads, and what was masked in it."""

    body: Body
    engine_text: str
    masked: tuple[str, ...] = ()
    names_hidden: bool = True
    is_button: bool = False


def hash_of(given: TurnInput) -> str:
    """By which the same content is known again."""
    return keyed_hash("turn-content", json.dumps(given.canonical(), sort_keys=True))


def digest(
    session: Session,
    conversation: Conversation,
    given: TurnInput,
    escapes: frozenset[str],
    foreseen: Foreseen = MappingProxyType({}),
) -> Taken:
    """What becomes of a message in a conversation as it stands now; its values are vaulted."""
    if given.choice is not None:
        return _chosen(session, conversation, given.choice)
    if given.text is None:
        return _filled_in(session, conversation, given.fields, foreseen)
    asked = offers.asked_field(conversation)
    hidden = _hidden(session, conversation, given.text, foreseen)
    shown: Body = {"text": hidden.shown or (NOTHING_SAID if hidden.masked else given.text)}
    typed = offers.typed_choice(conversation, hidden.shown)
    if typed is not None:
        return Taken(shown, offers.offered_choices(conversation)[typed]["send"], is_button=True)
    if asked in WHOLE_REPLY_FIELDS and offers.simplified(hidden.shown) not in escapes:
        placeholder = _put_whole(session, conversation.id, asked, hidden.shown)
        return Taken({"fields": [asked]}, _provide({asked: placeholder}), hidden.masked)
    engine_text = _vaulted(session, conversation.id, hidden)
    return Taken(shown, engine_text, hidden.masked, hidden.complete)


def _hidden(session: Session, conversation: Conversation, text: str, foreseen: Foreseen) -> Hidden:
    asked = _read_as(session, conversation)
    known = vault.known(session, conversation.id)
    return pseudonymiser().hide(text, asked=asked, known=known, seen=foreseen.get((text, asked)))


def _read_as(session: Session, conversation: Conversation) -> str | None:
    """The field that words are read as an answer to."""
    asked = offers.asked_field(conversation)
    if asked in (None, "email") and _was_sent_a_code(session, conversation.id):
        # Six digits may be that code, typed too late or after another question: the engine must not read it.
        return "code"
    return asked


def _was_sent_a_code(session: Session, conversation_id: str) -> bool:
    sent = select(VerificationCode.id).where(VerificationCode.conversation_id == conversation_id).limit(1)
    return session.scalar(sent) is not None


def _chosen(session: Session, conversation: Conversation, choice: str) -> Taken:
    current = offers.offered_choices(conversation)
    if choice not in current:
        raise ConversationError(
            409, "stale_choice", "This choice is not on offer any more; see the latest message."
        )
    # What stands on the button is what its presser said; an offer made before an upgrade does not tell.
    body: Body = {"text": current[choice].get("label"), "choice": choice}
    return Taken(body, current[choice]["send"])


def _filled_in(
    session: Session, conversation: Conversation, fields: dict[str, str], foreseen: Foreseen
) -> Taken:
    asked = offers.asked_field(conversation)
    if set(fields) != {asked}:
        raise ConversationError(
            409, "stale_ask", "These fields are not asked for now; see the latest message."
        )
    placeholders: dict[str, str] = {}
    masked: list[str] = []
    for name in fields:
        hidden = pseudonymiser().hide(fields[name], asked=name, seen=foreseen.get((fields[name], name)))
        placeholders[name] = _put(session, conversation.id, name, fields[name], hidden)
        masked += hidden.masked
    return Taken({"fields": sorted(fields)}, _provide(placeholders), tuple(dict.fromkeys(masked)))


def _put(session: Session, conversation_id: str, field: str, raw: str, hidden: Hidden) -> str:
    """Vault what was given for a field, normalised where the pseudonymiser knows it for such a thing."""
    if field in WHOLE_REPLY_FIELDS:
        return _put_whole(session, conversation_id, field, hidden.shown or raw)
    found = hidden.found
    is_one = len(found) == 1 and found[0].kind == field
    text = " ".join(hidden.shown.split()) or raw.strip()
    return vault.put(session, conversation_id, field, found[0].value if is_one else text)


def _put_whole(session: Session, conversation_id: str, field: str, text: str) -> str:
    return vault.put(
        session, conversation_id, KINDS.get(field, field), " ".join(text.split()) or text.strip()
    )


def _provide(placeholders: dict[str, str]) -> str:
    return f"/provide{json.dumps(placeholders)}"


def hide_names(session: Session, turn: Turn) -> None:
    """Hide the names in a turn that was taken in before the recogniser of names had been trained.

    Args:
        session: a writing session that holds the conversation's lock.
        turn: not yet with the engine; nothing changes as long as there is no recogniser.
    """
    hidden = pseudonymiser().hide_names(turn.engine_text, known=vault.known(session, turn.conversation_id))
    turn.engine_text = _vaulted(session, turn.conversation_id, hidden)
    turn.names_hidden = hidden.complete
    if not hidden.complete:
        logger.warning("names_not_hidden", turn=turn.id)


def _vaulted(session: Session, conversation_id: str, hidden: Hidden) -> str:
    """What the engine may read of a text: every value replaced and put into the vault, and no command in it.

    A slash at the beginning would set an intent past all understanding, so it goes.
    """
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
