"""Block Kit within Slack's documented limits: escaped, cut where it must be, and page by page.

Limits: https://docs.slack.dev/reference/block-kit (blocks, composition objects) and /reference/views.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.slack.interfaces import Block

SECTION_TEXT = 3000
FIELD_TEXT = 2000
FIELDS = 10
HEADER_TEXT = 150
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
ACTIONS = 25
CONTEXT_ELEMENTS = 10
OPTIONS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
LABEL_TEXT = 2000
PLACEHOLDER_TEXT = 150
INPUT_LENGTH = 3000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
MESSAGE_TEXT = 4000
PARAGRAPH = 2800
ELLIPSIS = "…"
# What a cut must not leave behind: half an entity, or half a mention or link.
_HALF = re.compile(r"(?:&[a-z]{0,3}|<[^>]*)\Z")

Item = TypeVar("Item")


class Marked(str):
    """Text that is mrkdwn already: what came from outside is escaped in it."""

    __slots__ = ()


def escape(text: str) -> Marked:
    """A text of any origin as mrkdwn: `&`, `<` and `>` lose their meaning, so it can mention nobody."""
    if isinstance(text, Marked):
        return text
    return Marked(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def mention(user_id: str) -> Marked:
    """Somebody of the workspace, as Slack writes them."""
    return Marked(f"<@{user_id}>")


def cut(text: str, limit: int) -> str:
    """A text of at most so many characters; one that is cut ends with `…`."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}{ELLIPSIS}"


def cut_marked(text: Marked, limit: int) -> Marked:
    """The same for mrkdwn: no entity and no mention is cut in half."""
    if len(text) <= limit:
        return text
    return Marked(f"{_HALF.sub('', text[: limit - 1]).rstrip()}{ELLIPSIS}")


def plain_text(text: str, limit: int) -> dict[str, Any]:
    """Text that Slack shows as it is."""
    return {"type": "plain_text", "text": cut(text, limit) or " ", "emoji": True}


def mrkdwn(text: str, limit: int = SECTION_TEXT) -> dict[str, Any]:
    """Text with Slack's marks; whatever is not `Marked` is escaped. Addresses in it do not become links."""
    return {"type": "mrkdwn", "text": cut_marked(escape(text), limit) or " ", "verbatim": True}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain_text(text, HEADER_TEXT)}


def paragraphs(text: Marked) -> Iterator[Marked]:
    """A long text in parts that each fit a section; no entity is cut in half."""
    rest: str = text
    while len(rest) > PARAGRAPH:
        end = max(rest.rfind(" ", 0, PARAGRAPH), rest.rfind("\n", 0, PARAGRAPH))
        if end < PARAGRAPH // 2:
            end = PARAGRAPH
            entity = rest.rfind("&", end - len("&quot;"), end)
            if entity >= 0 and ";" not in rest[entity:end]:
                end = entity
        yield Marked(rest[:end])
        rest = rest[end:].lstrip()
    yield Marked(rest)


def section(
    text: str, *, accessory: Block | None = None, fields: Sequence[str] = (), block_id: str | None = None
) -> Block:
    """A paragraph, with a button beside it or with facts below it in two columns."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if fields:
        block["fields"] = [mrkdwn(field, FIELD_TEXT) for field in fields[:FIELDS]]
    if accessory is not None:
        block["accessory"] = accessory
    return block if block_id is None else block | {"block_id": block_id}


def context(*texts: str) -> Block:
    """Small print."""
    elements = [mrkdwn(text) for text in texts[:CONTEXT_ELEMENTS]]
    return {"type": "context", "elements": elements}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """Buttons and menus in a row."""
    block: Block = {"type": "actions", "elements": list(elements[:ACTIONS])}
    return block if block_id is None else block | {"block_id": block_id}


def button(
    label: str,
    action_id: str,
    *,
    value: str = "",
    style: str | None = None,
    confirm: Block | None = None,
    url: str | None = None,
) -> Block:
    """A button.

    Args:
        label: what stands on it.
        action_id: what the listener goes by.
        value: what it is about; at most 2,000 characters.
        style: `primary` or `danger`.
        confirm: a question first, see `confirmation`.
        url: where it leads, too.

    Raises:
        ValueError: the value is too long to be cut without changing what it means.
    """
    if len(value) > BUTTON_VALUE:
        raise ValueError(f"a button's value has at most {BUTTON_VALUE} characters")
    block: Block = {"type": "button", "text": plain_text(label, BUTTON_TEXT), "action_id": action_id}
    extra = {"value": value, "style": style, "confirm": confirm, "url": url}
    return block | {name: each for name, each in extra.items() if each}


def confirmation(title: str, text: str, yes: str, no: str, *, danger: bool = False) -> Block:
    """A question that Slack asks before a press counts."""
    block: Block = {
        "title": plain_text(title, CONFIRM_TITLE),
        "text": plain_text(text, CONFIRM_TEXT),
        "confirm": plain_text(yes, CONFIRM_BUTTON),
        "deny": plain_text(no, CONFIRM_BUTTON),
    }
    return block | {"style": "danger"} if danger else block


def option(label: str, value: str, *, description: str = "") -> Block:
    """One entry of a menu.

    Raises:
        ValueError: the value is too long.
    """
    if len(value) > OPTION_VALUE:
        raise ValueError(f"an option's value has at most {OPTION_VALUE} characters")
    block: Block = {"text": plain_text(label, OPTION_TEXT), "value": value}
    return block | {"description": plain_text(description, OPTION_TEXT)} if description else block


def select(
    action_id: str, options: Sequence[Block], *, placeholder: str = "", chosen: str | None = None
) -> Block:
    """A menu; at least one option."""
    block: Block = {"type": "static_select", "action_id": action_id, "options": list(options[:OPTIONS])}
    if placeholder:
        block["placeholder"] = plain_text(placeholder, PLACEHOLDER_TEXT)
    initial = next((each for each in options[:OPTIONS] if each["value"] == chosen), None)
    return block if initial is None else block | {"initial_option": initial}


def text_input(
    action_id: str,
    *,
    multiline: bool = False,
    initial: str = "",
    placeholder: str = "",
    most: int = INPUT_LENGTH,
    focus: bool = False,
) -> Block:
    """A place to type in."""
    block: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": min(most, INPUT_LENGTH),
    }
    if initial:
        block["initial_value"] = initial[: min(most, INPUT_LENGTH)]
    if placeholder:
        block["placeholder"] = plain_text(placeholder, PLACEHOLDER_TEXT)
    return block | {"focus_on_load": True} if focus else block


def field(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """An element of a form with its label; errors are shown at its `block_id`."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, LABEL_TEXT),
        "element": element,
        "optional": optional,
    }
    return block | {"hint": plain_text(hint, LABEL_TEXT)} if hint else block


def modal(
    callback_id: str,
    title: str,
    blocks: Iterable[Block],
    *,
    submit: str = "",
    close: str = "",
    metadata: str = "",
) -> Block:
    """A modal.

    Args:
        callback_id: what the listener of its submission goes by.
        title: at most 24 characters.
        blocks: at most 100; what is too many is left out, so page longer ones.
        submit: the button that sends it; needed when it has fields.
        close: the other button.
        metadata: what comes back with it; at most 3,000 characters.

    Raises:
        ValueError: the metadata is too long.
    """
    if len(metadata) > PRIVATE_METADATA:
        raise ValueError(f"a view's private metadata has at most {PRIVATE_METADATA} characters")
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, VIEW_TITLE),
        "blocks": list(blocks)[:VIEW_BLOCKS],
    }
    if submit:
        view["submit"] = plain_text(submit, VIEW_TITLE)
    if close:
        view["close"] = plain_text(close, VIEW_TITLE)
    return view | {"private_metadata": metadata} if metadata else view


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of many.

    Attributes:
        items: those of this page.
        number: which page, counted from 1.
        pages: how many there are; at least 1.
        total: how many items there are in all.
    """

    items: Sequence[Item]
    number: int
    pages: int
    total: int


def page(items: Sequence[Item], number: int, size: int) -> Page[Item]:
    """One page of a list; a number that is none any more leads to the nearest one."""
    pages = max(1, -(-len(items) // size))
    number = min(max(1, number), pages)
    return Page(items[(number - 1) * size : number * size], number, pages, len(items))
