"""The modal in which a contact answers privately: what is entered there is in no message of Slack's."""

from __future__ import annotations

import json
from typing import Any

from actions.conversations.interfaces import AskedField
from actions.wording.services import ask_label
from bot.slack import blocks
from bot.slack.assistant.posts import ANSWER
from bot.slack.interfaces import Block
from bot.slack.wording import plain

FIELD = "value"
LONGEST: dict[str, int] = {"email": 254, "code": 40, "phone": 40, "name": 120, "value": 300}


def modal_for(conversation_id: str, seq: int, field: str, *, hint: str = "") -> Block:
    """The modal for a field.

    Args:
        conversation_id: whose.
        seq: of the message that asks.
        field: what is asked for.
        hint: what may be the answer; it can be changed, and proves nothing.
    """
    asked: AskedField = field  # type: ignore[assignment] # offers hold no others
    element = blocks.text_input(FIELD, initial=hint, most=LONGEST[field], focus=True)
    return blocks.modal(
        ANSWER,
        plain("assistant.modal"),
        [blocks.field(FIELD, ask_label(asked), element, hint=plain(f"assistant.hint_{field}"))],
        submit=plain("assistant.send"),
        close=plain("assistant.close"),
        metadata=json.dumps([conversation_id, seq, field]),
    )


def where_of_modal(view: dict[str, Any]) -> tuple[str, int, str]:
    """What a submitted modal answers: conversation, seq of the message, field."""
    conversation_id, seq, field = json.loads(view["private_metadata"])
    return str(conversation_id), int(seq), str(field)
