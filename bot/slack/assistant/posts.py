"""A message of a conversation as Slack shows it: text, card, buttons; in several posts where it must be.

Every block is named for the part of the message it shows, so that a post can be read back as what it tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.slack import blocks
from bot.slack.blocks import Marked, escape
from bot.slack.interfaces import Block
from bot.slack.wording import marked, plain

CHOOSE, ANSWER = "assistant.choose", "assistant.answer"
SECTION = 2_900
BLOCK_ID = 255
POST = 10_000
ADDRESS = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)]")


@dataclass(frozen=True)
class Post:
    """What `chat.postMessage` is given.

    Attributes:
        text: for notifications and screen readers.
        blocks: what is shown.
    """

    text: str
    blocks: list[Block]


def posts_of(
    message: dict[str, Any], conversation_id: str, *, still_open: bool, chosen: str | None = None
) -> list[Post]:
    """A message in posts, in order.

    Args:
        message: as the contract shows it; not the contact's own.
        conversation_id: its conversation.
        still_open: whether what it offers counts, so that its buttons are shown.
        chosen: the label of what was chosen, to be shown in their place.
    """
    body = [
        blocks.section(piece, block_id=f"said:{message['seq']}:{number}:{message['from']}")
        for number, piece in enumerate(_pieces(_said(message)))
    ]
    body += _card(message.get("card"))
    body += _case(message.get("case"))
    body += _offered(message, conversation_id) if still_open else []
    if chosen is not None:
        body.append(blocks.context(marked("assistant.chosen", label=chosen)))
    text = blocks.cut_marked(escape(_said(message)), blocks.MESSAGE_TEXT)
    return [Post(text or plain("assistant.card"), part) for part in _parts(body)]


def where_of(value: str) -> tuple[str, int, str]:
    """What a button's value stands for: conversation, seq of the message, and the choice or the field.

    Raises:
        ValueError: it is none of ours.
    """
    try:
        conversation_id, seq, what = json.loads(value)
        return str(conversation_id), int(seq), str(what)
    except (ValueError, TypeError):
        raise ValueError("not a value of ours") from None


def _said(message: dict[str, Any]) -> str:
    text = message.get("text") or ""
    if message["from"] == "agent" and message.get("agent"):
        return plain("assistant.agent", agent=message["agent"], text=text)
    return str(text)


def _offered(message: dict[str, Any], conversation_id: str) -> list[Block]:
    def value(what: str) -> str:
        return json.dumps([conversation_id, message["seq"], what])

    elements = []
    if ask := message.get("ask"):
        label = plain("assistant.answer_privately")
        elements.append(blocks.button(label, ANSWER, value=value(ask["field"]), style="primary"))
    for choice in message.get("choices", ()):
        action = f"{CHOOSE}:{choice['id']}"
        style = "danger" if choice.get("style") == "danger" else None
        elements.append(blocks.button(choice["label"], action, value=value(choice["id"]), style=style))
    rows = [elements[start : start + blocks.ACTIONS] for start in range(0, len(elements), blocks.ACTIONS)]
    found = [blocks.actions(*row) for row in rows]
    return [*found, blocks.context(marked("assistant.privately"))] if "ask" in message else found


def _card(card: dict[str, Any] | None) -> Iterator[Block]:
    if card is None:
        return
    yield blocks.section(Marked(f"*{escape(card['title'])}*"), block_id="card")
    for row_number, row in enumerate(card["rows"]):
        entry = f"*{escape(row['label'])}*\n{_linked(row['value'])}"
        for number, piece in enumerate(_pieces_of_marked(entry)):
            yield blocks.section(piece, block_id=f"row:{row_number}:{number}:{row['id']}"[:BLOCK_ID])


def _case(case: dict[str, Any] | None) -> Iterator[Block]:
    if case is None:
        return
    due = date.fromisoformat(case["due"])
    line = marked("assistant.case", reference=case["reference"], due=f"{due.day} {due:%B %Y}")
    names = ":".join(("case", case["reference"], case["right"], case["state"], case["due"]))
    yield blocks.context(line) | {"block_id": names}


def _pieces(text: str) -> Iterator[Marked]:
    yield from _pieces_of_marked(_linked(text)) if text else ()


def _pieces_of_marked(text: str) -> Iterator[Marked]:
    """A text in pieces that fit a section, broken between words where there are any."""
    while len(text) > SECTION:
        end = max(text.rfind("\n", 0, SECTION), text.rfind(" ", 0, SECTION))
        # Without a blank in all that, only an escaped character must not be broken.
        end = end if end > 0 else text.rfind("&", SECTION - 6, SECTION) if "&" in text else -1
        end = end if end > 0 else SECTION
        yield Marked(text[:end])
        text = text[end:].lstrip(" \n")
    if text:
        yield Marked(text)


def _linked(text: str) -> Marked:
    return Marked(ADDRESS.sub(lambda found: f"<{found[0]}>", escape(text)))


def _parts(body: list[Block]) -> Iterator[list[Block]]:
    part: list[Block] = []
    size = 0
    for block in body:
        length = len(json.dumps(block))
        if part and (len(part) >= blocks.MESSAGE_BLOCKS or size + length > POST):
            yield part
            part, size = [], 0
        part.append(block)
        size += length
    if part:
        yield part
