"""A post in Slack read back as the message it shows; `bot.slack.assistant.posts` names its blocks."""

from __future__ import annotations

import json
from typing import Any

from bot.converse.demo import Message
from bot.slack.assistant.posts import ANSWER, CHOOSE
from bot.slack_standin.markup import shown
from bot.slack_standin.workspace import Posted


def as_message(post: Posted) -> Message:
    """What a post shows, in the contract's form; its number and its time are the reader's."""
    message: Message = {"from": "assistant", "text": ""}
    extend(message, post.blocks or [{"type": "section", "text": {"text": post.text}}])
    return message


def continues(blocks: list[dict[str, Any]], message: Message) -> bool:
    """Take in a post that goes on with the message before it; whether it does."""
    begins = not blocks or str(blocks[0].get("block_id", "")).startswith("said:")
    if begins or message["from"] == "contact":
        return False
    extend(message, blocks)
    return True


def extend(message: Message, blocks: list[dict[str, Any]]) -> None:
    """Add what blocks show to a message."""
    for block in blocks:
        kind, *names = str(block.get("block_id", "")).split(":")
        text = shown(block.get("text", {}).get("text", ""))
        if kind == "card":
            message["card"] = {"title": text.strip("*"), "rows": []}
        elif kind == "row":
            _add_row(message, text, number=names[1], identifier=":".join(names[2:]))
        elif kind == "case":
            message["case"] = dict(zip(("reference", "right", "state", "due"), names, strict=True))
        elif block["type"] == "actions":
            for element in block["elements"]:
                _add_button(message, element)
        elif block["type"] == "section":
            message["from"] = names[2] if kind == "said" else message["from"]
            message["text"] = f"{message['text']}\n{text}".strip()


def _add_row(message: Message, text: str, *, number: str, identifier: str) -> None:
    rows = message.setdefault("card", {"title": "", "rows": []})["rows"]
    if number != "0":
        rows[-1]["value"] += f"\n{text}"
        return
    label, _, value = text.partition("\n")
    rows.append({"id": identifier, "label": label.strip("*"), "value": value})


def _add_button(message: Message, element: dict[str, Any]) -> None:
    action = element["action_id"]
    if action == ANSWER:
        message["ask"] = {"field": json.loads(element["value"])[2], "label": ""}
    elif action.startswith(f"{CHOOSE}:"):
        choice = {"id": action.removeprefix(f"{CHOOSE}:"), "label": element["text"]["text"]}
        message.setdefault("choices", []).append(choice)
