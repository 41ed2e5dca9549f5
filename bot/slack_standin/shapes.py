"""A small language to write down what a value may look like: each check yields what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.slack_standin.markup import problems_of_markup

Check = Callable[[Any, str], Iterator[str]]


def string(most: int, least: int = 0) -> Check:
    """A text of a length."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: must be a string"
        elif len(value) > most:
            yield f"{at}: must be no more than {most} characters, is {len(value)}"
        elif len(value) < least:
            yield f"{at}: must be at least {least} characters"

    return check


def matching(pattern: str, meaning: str) -> Check:
    """A text that fits a regular expression."""
    compiled = re.compile(pattern)

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield f"{at}: must be {meaning}"

    return check


def number(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{at}: must be a number from {least} to {most}"

    return check


def boolean(value: Any, at: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{at}: must be true or false"


def anything(_value: Any, _at: str) -> Iterator[str]:
    """No demand."""
    yield from ()


def one_of(*allowed: str) -> Check:
    """One of some words."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{at}: must be one of {', '.join(allowed)}, not {value!r}"

    return check


def list_of(check_one: Check, least: int, most: int) -> Check:
    """A list with a number of entries, each checked."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{at}: must be a list"
            return
        if not least <= len(value) <= most:
            yield f"{at}: must have {least} to {most} entries, has {len(value)}"
        for index, one in enumerate(value):
            yield from check_one(one, f"{at}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: must be an object"
            return
        for name in required:
            if name not in value:
                yield f"{at}: missing required field: {name}"
        for name, content in value.items():
            if name not in known:
                yield f"{at}: no such field: {name}"
            else:
                yield from known[name](content, f"{at}/{name}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` tells how it is checked."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = str(value.get("type")) if isinstance(value, dict) else ""
        if kind not in kinds:
            yield f"{at}: unsupported type: {kind}"
        else:
            yield from kinds[kind](value, at)

    return check


def plain(most: int) -> Check:
    """A plain_text object of a length."""
    return shape(
        {"type": one_of("plain_text"), "text": string(most, 1)},
        {"emoji": boolean},
    )


def mrkdwn(most: int) -> Check:
    """A mrkdwn object of a length, with its control characters escaped."""
    fields = shape({"type": one_of("mrkdwn"), "text": string(most, 1)}, {"verbatim": boolean})

    def check(value: Any, at: str) -> Iterator[str]:
        yield from fields(value, at)
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            yield from (f"{at}/text: {problem}" for problem in problems_of_markup(value["text"]))

    return check


def text(most: int) -> Check:
    """A plain_text or mrkdwn object of a length."""
    return by_type({"plain_text": plain(most), "mrkdwn": mrkdwn(most)})
