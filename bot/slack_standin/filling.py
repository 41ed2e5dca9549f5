"""Filling in a modal as a person does: what can be entered, in the shape Slack sends it, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
CHOSEN = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
}
FIRST = {
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
    "users_select": "initial_user",
    "conversations_select": "initial_conversation",
    "channels_select": "initial_channel",
    "multi_users_select": "initial_users",
}
WRITTEN = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


class CannotEnter(AssertionError):
    """Slack's own window would not let somebody do this; the message says why."""


def values_of(blocks: list[dict[str, Any]], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The state of a view's inputs after somebody filled some of them in.

    Args:
        blocks: of the view, each with its `block_id`.
        given: by `action_id` or `block_id`, what to enter: a text, an option's value, a list of such, a date.

    Raises:
        CannotEnter: there is no such input, something required is missing, or the value does not fit.
    """
    state: dict[str, dict[str, Any]] = {}
    left = dict(given)
    for block in blocks:
        for element in _stateful(block):
            action = element.get("action_id", "a")
            named = next((name for name in (action, block["block_id"]) if name in left), None)
            entered = left.pop(named) if named is not None else _first(element)
            value = _entered(element, entered)
            if block["type"] == "input" and not block.get("optional") and _empty(value):
                raise CannotEnter(f"{action} has to be filled in")
            state.setdefault(block["block_id"], {})[action] = value
    if left:
        known = [one.get("action_id") for block in blocks for one in _stateful(block)]
        raise CannotEnter(f"there is no input {', '.join(left)}; there are {known}")
    return state


def _stateful(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] == "input":
        return [block["element"]]
    found = [*block.get("elements", ()), block.get("accessory")] if block["type"] != "context" else []
    still = ("button", "overflow", "image")
    return [one for one in found if isinstance(one, dict) and one.get("type") not in still]


def options_of(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everything that can be chosen in an element."""
    found = [*element.get("options", ())]
    for group in element.get("option_groups", ()):
        found += group["options"]
    return found


def option(element: Mapping[str, Any], value: str) -> dict[str, Any]:
    """The option with a value.

    Raises:
        CannotEnter: there is none.
    """
    for one in options_of(element):
        if one["value"] == value:
            return one
    known = [one["value"] for one in options_of(element)]
    raise CannotEnter(f"{value!r} cannot be chosen; there are {known}")


def _entered(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    kind = element["type"]
    if kind in WRITTEN:
        return {"type": kind, "value": _text(element, value)}
    if kind in CHOSEN:
        return {"type": kind, CHOSEN[kind]: value}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [option(element, one) for one in value or []]}
    chosen = None if value is None else option(element, value)
    return {"type": kind, "selected_option": chosen}


def _text(element: Mapping[str, Any], value: Any) -> str | None:
    if value in (None, ""):
        return None
    text = str(value)
    if len(text) > element.get("max_length", 3000) or len(text) < element.get("min_length", 0):
        raise CannotEnter(f"{element.get('action_id')} takes no text of {len(text)} characters")
    if element["type"] == "email_text_input" and not EMAIL.fullmatch(text):
        raise CannotEnter(f"{element.get('action_id')} takes an address only")
    if "\n" in text and not element.get("multiline"):
        raise CannotEnter(f"{element.get('action_id')} takes one line only")
    return text


def _first(element: Mapping[str, Any]) -> Any:
    kind = element["type"]
    if kind in WRITTEN:
        return element.get("initial_value")
    if kind in FIRST:
        return element.get(FIRST[kind])
    if kind in ("checkboxes", "multi_static_select"):
        return [one["value"] for one in element.get("initial_options", ())]
    return element["initial_option"]["value"] if "initial_option" in element else None


def _empty(value: Mapping[str, Any]) -> bool:
    return all(content in (None, [], "") for name, content in value.items() if name != "type")
