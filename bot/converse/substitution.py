"""`{mail.code}` and the like: names in a script that stand for what is known only while it is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.converse.checking import SUBSTITUTION


def fill(value: Any, known: Callable[[str], str]) -> Any:
    """Replace every name in braces in a value and in all that is inside it.

    Args:
        value: part of a script.
        known: what a name stands for.
    """
    if isinstance(value, str):
        return SUBSTITUTION.sub(lambda match: known(match[1]), value)
    if isinstance(value, Mapping):
        return {key: fill(content, known) for key, content in value.items()}
    if isinstance(value, list):
        return [fill(content, known) for content in value]
    return value
