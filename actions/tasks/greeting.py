"""How a conversation begins."""

from __future__ import annotations

from actions.conversations.offers import Speech
from actions.wording import phrase
from actions.wording.services import options


def greeting() -> list[Speech]:
    """The assistant's first words, with the commonest requests as buttons."""
    return [Speech(phrase("greeting"), options("access", "erase.intent", "opt_out", "ask_rights"))]
