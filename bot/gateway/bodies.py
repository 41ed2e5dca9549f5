"""Request bodies: read no further than allowed, and taken apart without trust."""

from __future__ import annotations

import asyncio
import json
import re
from functools import lru_cache
from typing import Any, get_args
from zoneinfo import available_timezones

from starlette.requests import Request

from actions.conversations.interfaces import AskedField, TurnInput
from bot.gateway.errors import Malformed, TooLarge, TooSlow

MOST_BYTES = 32_768
MOST_SECONDS = 10
MOST_CHARACTERS = 8_000
MOST_KEY_CHARACTERS = 200
FIELDS: tuple[str, ...] = get_args(AskedField)
CONTENT = ("text", "choice", "fields")

# The same patterns stand in the OpenAPI description; both Python and JavaScript read them alike.
NO_CONTROLS = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$"
VISIBLE = r"[^\s\u00AD\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]"

_no_controls = re.compile(NO_CONTROLS.replace("$", r"\Z"))
_visible = re.compile(VISIBLE)


async def read(request: Request) -> bytes:
    """The body of a request.

    Raises:
        TooLarge: there is more of it than 32 kB; the rest is not kept.
        TooSlow: it did not come within ten seconds.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MOST_BYTES:
        raise TooLarge(MOST_BYTES)
    parts = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for part in request.stream():
                parts += part
                if len(parts) > MOST_BYTES:
                    raise TooLarge(MOST_BYTES)
    except TimeoutError:
        raise TooSlow(MOST_SECONDS) from None
    return bytes(parts)


def beginning(body: bytes) -> str | None:
    """The time zone of whoever begins a conversation, where they say it.

    Raises:
        Malformed: the body is anything but an object with at most that key, or the zone is none that exists.
    """
    given = _object(body) if body.strip() else {}
    if given.keys() - {"time_zone"}:
        raise Malformed("This request takes no content but time_zone: send no body, or {}.")
    zone = given.get("time_zone")
    if zone is not None and (not isinstance(zone, str) or zone not in _zones()):
        raise Malformed("The value of time_zone is not the name of a time zone, such as Europe/London.")
    return zone


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def nothing(body: bytes) -> None:
    """Take a body that may be missing or an object without keys.

    Raises:
        Malformed: it is anything else.
    """
    if body.strip() and _object(body):
        raise Malformed("This request takes no content: send no body, or {}.")


def message(body: bytes) -> tuple[TurnInput, str | None]:
    """What a contact sends, and its key.

    Raises:
        Malformed: it is not what the contract describes.
    """
    given = _object(body)
    unknown = sorted(given.keys() - {*CONTENT, "key"})
    if unknown:
        raise Malformed("The body has keys that mean nothing here; it takes text, choice or fields, and key.")
    if sum(name in given for name in CONTENT) != 1:
        raise Malformed("Send exactly one of text, choice and fields.")
    key = _key(given["key"]) if "key" in given else None
    if "text" in given:
        return TurnInput(text=text("text", given["text"])), key
    if "choice" in given:
        return TurnInput(choice=text("choice", given["choice"])), key
    return TurnInput(fields=_fields(given["fields"])), key


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError):
        raise Malformed("The body is not valid JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise Malformed("The body is not a JSON object.")
    return found


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def text(name: str, value: Any) -> str:
    """A value that is words: of a bearable length, visible, and without control characters.

    Raises:
        Malformed: it is not; the message names the value.
    """
    if not isinstance(value, str):
        raise Malformed(f"The value of {name} is not a string.")
    if len(value) > MOST_CHARACTERS:
        raise Malformed(f"The value of {name} is longer than {MOST_CHARACTERS} characters.")
    if not _no_controls.match(value) or not _encodable(value):
        raise Malformed(
            f"The value of {name} holds a control character; only tabs and line ends may stand there."
        )
    if not _visible.search(value):
        raise Malformed(f"The value of {name} is empty.")
    return value


def _fields(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value:
        raise Malformed("The value of fields is not an object with at least one field.")
    if not value.keys() <= set(FIELDS):
        raise Malformed(f"The only fields there are: {', '.join(FIELDS)}.")
    return {name: text(name, content) for name, content in value.items()}


def _key(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MOST_KEY_CHARACTERS:
        raise Malformed(f"A key is a string of 1 to {MOST_KEY_CHARACTERS} characters.")
    return text("key", value)


def _encodable(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
