"""Speaking, and remembering what was offered: the choices and the ask a contact's next message may answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from actions.conversations import log
from actions.conversations.interfaces import Ask, Body, Card, CaseSummary, Choice
from actions.conversations.models import Conversation, Message


@dataclass(frozen=True)
class Option:
    """A choice offered, and what choosing it tells the engine.

    Attributes:
        send: the engine message, e.g. `/erase`; by default `/choose` with the id.
        typed: other wordings that count as pressing the button.
    """

    id: str
    label: str
    style: str | None = None
    send: str | None = None
    typed: tuple[str, ...] = ()

    @property
    def engine_text(self) -> str:
        """What the engine is sent when this is chosen."""
        return self.send or f'/choose{{"choice": "{self.id}"}}'


@dataclass(frozen=True)
class Speech:
    """One message of the assistant, before it is stored."""

    text: str
    options: tuple[Option, ...] = ()
    ask: Ask | None = None
    card: Card | None = None
    case: CaseSummary | None = None


def say(session: Session, conversation: Conversation, speech: Speech, reply_to: int | None = None) -> Message:
    """Append the assistant's message and add what it offers to the conversation's offer.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        speech: what to say.
        reply_to: the contact's message this answers.
    """
    body: Body = {"text": speech.text}
    if speech.options:
        body["choices"] = [_choice(option) for option in speech.options]
    if speech.ask:
        body["ask"] = speech.ask
    if speech.card:
        body["card"] = speech.card
    if speech.case:
        body["case"] = speech.case
    message = log.append(session, conversation, "assistant", body, reply_to)
    if speech.options or speech.ask:
        offer = dict(conversation.offer or {"choices": {}, "ask": None})
        offer["choices"] = dict(offer["choices"]) | {
            option.id: {
                "label": option.label,
                "send": option.engine_text,
                "typed": [simplified(wording) for wording in (option.label, *option.typed)],
            }
            for option in speech.options
        }
        offer["ask"] = speech.ask["field"] if speech.ask else offer["ask"]
        conversation.offer = offer
        conversation.offer_seq = message.seq
    return message


def withdraw_offer(conversation: Conversation) -> None:
    """Forget what was offered, once the contact has answered."""
    conversation.offer = None
    conversation.offer_seq = None


def offered_choices(conversation: Conversation) -> dict[str, dict[str, Any]]:
    """The choices that count now, by id."""
    return dict((conversation.offer or {}).get("choices", {}))


def asked_field(conversation: Conversation) -> str | None:
    """The field asked for now, if any."""
    field: str | None = (conversation.offer or {}).get("ask")
    return field


def typed_choice(conversation: Conversation, text: str) -> str | None:
    """The id of the choice whose label (or another agreed wording) the contact typed out."""
    wanted = simplified(text)
    for identifier, choice in offered_choices(conversation).items():
        if wanted and wanted in choice["typed"]:
            return identifier
    return None


def simplified(text: str) -> str:
    """A wording without case, punctuation and courtesy, to compare by."""
    words = re.sub(r"[^\w\s]", "", text.casefold().replace("’", "'").replace("'", "")).split()
    return " ".join(word for word in words if word not in {"please", "pls", "plz"})


def _choice(option: Option) -> Choice:
    choice: Choice = {"id": option.id, "label": option.label}
    if option.style:
        choice["style"] = option.style
    return choice
