"""Block elements and composition objects as https://docs.slack.dev/reference/block-kit describes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.slack_standin.shapes import (
    Check,
    anything,
    boolean,
    by_type,
    list_of,
    matching,
    mrkdwn,
    number,
    one_of,
    plain,
    shape,
    string,
    text,
)

ACTION_ID = string(255, 1)
DATE = matching(r"\d{4}-\d{2}-\d{2}", "a date as 2026-12-23")
TIME = matching(r"\d{2}:\d{2}", "a time as 23:59")
PERSON = matching(r"[UW][A-Z0-9]+", "the id of a user")
PLACE = matching(r"[CDG][A-Z0-9]+", "the id of a conversation")

CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH = shape(
    {}, {"trigger_actions_on": list_of(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
)


def _option(label: Check) -> Check:
    return shape({"text": label, "value": string(150, 1)}, {"description": plain(75), "url": string(3000)})


PLAIN_OPTION = _option(plain(75))
RICH_OPTION = _option(text(75))
GROUP = shape({"label": plain(75), "options": list_of(PLAIN_OPTION, 1, 100)})
FOCUS = {"focus_on_load": boolean}
PLACEHOLDER = {"placeholder": plain(150)}
_SELECT: dict[str, Check] = {**FOCUS, **PLACEHOLDER, "confirm": CONFIRM, "action_id": ACTION_ID}
_MULTI: dict[str, Check] = {**_SELECT, "max_selected_items": number(1, 100)}
_FILTER = shape(
    {},
    {
        "include": list_of(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_CONVERSATIONS: dict[str, Check] = {
    "default_to_current_conversation": boolean,
    "filter": _FILTER,
    "response_url_enabled": boolean,
}


def _element(name: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return shape({"type": one_of(name), **required}, optional)


def _static(name: str, optional: dict[str, Check]) -> Check:
    fields = _element(
        name,
        {},
        {**optional, "options": list_of(PLAIN_OPTION, 1, 100), "option_groups": list_of(GROUP, 1, 100)},
    )

    def check(value: Any, at: str) -> Iterator[str]:
        yield from fields(value, at)
        if ("options" in value) == ("option_groups" in value):
            yield f"{at}: takes either options or option_groups"
        yield from _initial(value, at)

    return check


def _listed(name: str, most: int, initial: dict[str, Check]) -> Check:
    fields = _element(
        name,
        {"options": list_of(RICH_OPTION, 1, most), "action_id": ACTION_ID},
        {**initial, **FOCUS, "confirm": CONFIRM},
    )

    def check(value: Any, at: str) -> Iterator[str]:
        yield from fields(value, at)
        yield from _initial(value, at)

    return check


def _initial(value: Any, at: str) -> Iterator[str]:
    options = [one for one in value.get("options", ()) if isinstance(one, dict)]
    for group in value.get("option_groups", ()):
        options += group.get("options", ()) if isinstance(group, dict) else ()
    values = [one.get("value") for one in options]
    if len(set(map(str, values))) != len(values):
        yield f"{at}: the options' values are not unique"
    chosen = value.get("initial_options", [])
    chosen = [*chosen, value["initial_option"]] if "initial_option" in value else chosen
    for one in chosen:
        if one not in options:
            yield f"{at}: what is chosen at first is not among the options"


def _written(name: str, optional: dict[str, Check]) -> Check:
    return _element(
        name,
        {},
        {
            **FOCUS,
            **PLACEHOLDER,
            "action_id": ACTION_ID,
            "initial_value": string(3000, 1),
            "dispatch_action_config": DISPATCH,
            **optional,
        },
    )


BUTTON = _element(
    "button",
    {"text": plain(75), "action_id": ACTION_ID},
    {
        "url": string(3000),
        "value": string(2000, 1),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
OVERFLOW = _element(
    "overflow",
    {"options": list_of(PLAIN_OPTION, 1, 5), "action_id": ACTION_ID},
    {"confirm": CONFIRM},
)
IMAGE = _element("image", {"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": anything})

CHOOSING: dict[str, Check] = {
    "static_select": _static("static_select", {**_SELECT, "initial_option": PLAIN_OPTION}),
    "multi_static_select": _static(
        "multi_static_select", {**_MULTI, "initial_options": list_of(PLAIN_OPTION, 1, 100)}
    ),
    "external_select": _element(
        "external_select",
        {},
        {**_SELECT, "initial_option": PLAIN_OPTION, "min_query_length": number(0, 300)},
    ),
    "users_select": _element("users_select", {}, {**_SELECT, "initial_user": PERSON}),
    "multi_users_select": _element(
        "multi_users_select", {}, {**_MULTI, "initial_users": list_of(PERSON, 1, 100)}
    ),
    "conversations_select": _element(
        "conversations_select", {}, {**_SELECT, **_CONVERSATIONS, "initial_conversation": PLACE}
    ),
    "channels_select": _element(
        "channels_select", {}, {**_SELECT, "initial_channel": PLACE, "response_url_enabled": boolean}
    ),
    "datepicker": _element("datepicker", {}, {**_SELECT, "initial_date": DATE}),
    "timepicker": _element("timepicker", {}, {**_SELECT, "initial_time": TIME, "timezone": string(100)}),
    "datetimepicker": _element(
        "datetimepicker",
        {},
        {
            **FOCUS,
            "action_id": ACTION_ID,
            "confirm": CONFIRM,
            "initial_date_time": number(10**9, 10**10),
        },
    ),
    "checkboxes": _listed("checkboxes", 10, {"initial_options": list_of(RICH_OPTION, 1, 10)}),
    "radio_buttons": _listed("radio_buttons", 10, {"initial_option": RICH_OPTION}),
}
WRITING: dict[str, Check] = {
    "plain_text_input": _written(
        "plain_text_input",
        {"multiline": boolean, "min_length": number(0, 3000), "max_length": number(1, 3000)},
    ),
    "email_text_input": _written("email_text_input", {}),
    "url_text_input": _written("url_text_input", {}),
    "number_input": _written(
        "number_input",
        {"is_decimal_allowed": boolean, "min_value": string(20), "max_value": string(20)},
    ),
    "file_input": _element(
        "file_input",
        {},
        {
            "action_id": ACTION_ID,
            "filetypes": list_of(string(20, 1), 1, 100),
            "max_files": number(1, 10),
        },
    ),
}

IN_ACTIONS = by_type({"button": BUTTON, "overflow": OVERFLOW, **CHOOSING})
IN_SECTION = by_type({"button": BUTTON, "overflow": OVERFLOW, "image": IMAGE, **CHOOSING})
IN_INPUT = by_type({**CHOOSING, **WRITING})
IN_CONTEXT = by_type({"image": IMAGE, "plain_text": plain(2000), "mrkdwn": mrkdwn(2000)})
