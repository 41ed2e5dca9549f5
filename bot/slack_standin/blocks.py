"""Blocks and views as https://docs.slack.dev/reference/block-kit/blocks and …/views describe them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.slack_standin.elements import IN_ACTIONS, IN_CONTEXT, IN_INPUT, IN_SECTION
from bot.slack_standin.errors import ApiError
from bot.slack_standin.shapes import (
    Check,
    anything,
    boolean,
    by_type,
    list_of,
    one_of,
    plain,
    shape,
    string,
    text,
)

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
VIEW_BYTES = 250_000
# Not in the documentation, but met: https://github.com/slackapi/bolt-js/issues/2509
CHARACTERS_IN_BLOCKS = 13_200


def _block(name: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape({"type": one_of(name), **required}, {"block_id": string(255, 1), **(optional or {})})


def _section(value: Any, at: str) -> Iterator[str]:
    yield from _SECTION(value, at)
    if "text" not in value and "fields" not in value:
        yield f"{at}: missing required field: text or fields"


_SECTION = _block(
    "section",
    {},
    {
        "text": text(3000),
        "fields": list_of(text(2000), 1, 10),
        "accessory": IN_SECTION,
        "expand": boolean,
    },
)
BLOCK = by_type(
    {
        "section": _section,
        "divider": _block("divider", {}),
        "header": _block("header", {"text": plain(150)}),
        "actions": _block("actions", {"elements": list_of(IN_ACTIONS, 1, 25)}),
        "context": _block("context", {"elements": list_of(IN_CONTEXT, 1, 10)}),
        "image": _block(
            "image",
            {"alt_text": string(2000)},
            {"image_url": string(3000), "title": plain(2000), "slack_file": anything},
        ),
        "input": _block(
            "input",
            {"label": plain(2000), "element": IN_INPUT},
            {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        ),
        "rich_text": _block("rich_text", {"elements": list_of(anything, 1, 1000)}),
    }
)

_VIEW: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
MODAL = shape(
    {"type": one_of("modal"), "title": plain(24), "blocks": list_of(BLOCK, 0, BLOCKS_IN_VIEW)},
    {
        **_VIEW,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = shape({"type": one_of("home"), "blocks": list_of(BLOCK, 0, BLOCKS_IN_VIEW)}, _VIEW)


def check_message_blocks(blocks: Any) -> None:
    """Refuse the blocks of a message that Slack would refuse.

    Raises:
        ApiError: `invalid_blocks`, with every reason; `msg_blocks_too_long` when they hold too much text.
    """
    problems = [*list_of(BLOCK, 0, BLOCKS_IN_MESSAGE)(blocks, "blocks")]
    problems += _of_ids(blocks) if not problems else []
    if problems:
        raise ApiError("invalid_blocks", *problems)
    _with_the_sdk(blocks, "invalid_blocks")
    if sum(len(one) for one in texts_in(blocks)) > CHARACTERS_IN_BLOCKS:
        raise ApiError("msg_blocks_too_long")


def check_view(view: Any) -> None:
    """Refuse a modal or a Home that Slack would refuse.

    Raises:
        ApiError: `invalid_arguments` with every reason, or `view_too_large`.
    """
    problems = [*by_type({"modal": MODAL, "home": HOME})(view, "view")]
    if not problems:
        problems += _of_ids(view["blocks"])
        if view["type"] == "modal" and "submit" not in view and any(map(_is_input, view["blocks"])):
            problems.append("view: a modal with an input needs submit")
        focused = [one for one in elements_in(view["blocks"]) if one.get("focus_on_load")]
        if len(focused) > 1:
            problems.append("view: only one element can have focus_on_load")
    if problems:
        raise ApiError("invalid_arguments", *problems)
    _with_the_sdk(view["blocks"], "invalid_arguments")
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise ApiError("view_too_large")


def elements_in(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every element that somebody can use, with the id of its block under `block_id`."""
    for block in blocks:
        found = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        if block["type"] in ("context", "rich_text"):
            continue
        for element in found:
            if isinstance(element, dict) and element.get("type") != "image":
                yield {**element, "block_id": block.get("block_id", "")}


def texts_in(value: Any) -> Iterator[str]:
    """Every text that is shown, anywhere in blocks or a view."""
    if isinstance(value, dict):
        for name, content in value.items():
            if name in ("text", "alt_text", "initial_value") and isinstance(content, str):
                yield content
            else:
                yield from texts_in(content)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


def _is_input(block: dict[str, Any]) -> bool:
    return bool(block["type"] == "input")


def _of_ids(blocks: list[dict[str, Any]]) -> list[str]:
    problems = []
    seen = [block["block_id"] for block in blocks if "block_id" in block]
    problems += [f"block_id {one!r} is not unique" for one in sorted(set(seen)) if seen.count(one) > 1]
    for number, block in enumerate(blocks):
        ids = [one["action_id"] for one in elements_in([block]) if "action_id" in one]
        problems += [
            f"blocks/{number}: action_id {one!r} is not unique in its block"
            for one in sorted(set(ids))
            if ids.count(one) > 1
        ]
    return problems


def _with_the_sdk(blocks: list[dict[str, Any]], code: str) -> None:
    """What Slack's own SDK thinks of the blocks."""
    try:
        for block in Block.parse_all(copy.deepcopy(blocks)):
            block.validate_json()
    except SlackObjectFormationError as error:
        raise ApiError(code, f"the SDK: {error}") from None
