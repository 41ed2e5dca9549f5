"""What the gateway lets the domain say and tell, behind names that tests can fill otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.conversations.models import Conversation
from actions.conversations.offers import Speech


@dataclass(frozen=True)
class Dialogue:
    """The domain's part in the gateway.

    Attributes:
        greeting: how a conversation begins.
        apology: what is said when a message could not be answered, so that nobody waits for ever.
        requested_slot: the form's slot a conversation waits for, or None when no request is under way.
        escapes: wordings that are never taken for the value asked for.
        to_person: told of words that are for a person and not for the assistant.
    """

    greeting: Callable[[], list[Speech]]
    apology: Callable[[], list[Speech]]
    requested_slot: Callable[[Session, Conversation], str | None]
    escapes: Callable[[], frozenset[str]]
    to_person: Callable[[Session, Conversation, int], None]


def apology() -> list[Speech]:
    """The honest words after too many failures, with a person as the way on."""
    from actions.wording import phrase
    from actions.wording.services import options

    return [Speech(phrase("turn_failed"), options("talk_to_human"))]


def rightline() -> Dialogue:
    """The dialogue as `actions` has it."""
    from actions.situations.overhearing import heard
    from actions.tasks.engine_state import requested_slot
    from actions.tasks.greeting import greeting
    from actions.wording.services import escapes

    return Dialogue(greeting, apology, requested_slot, escapes, heard)
