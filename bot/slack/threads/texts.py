"""Slack's way of writing turned into plain words, for a visitor who has no Slack."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from pydantic import RootModel

from actions.wording.services import load
from bot.slack.wording import plain

NOTE = "//"
_EMOJI = re.compile(r":([a-z0-9_+-]+):")
_ANGLED = re.compile(r"<([@#!][^<>|]*|(?:https?|mailto|tel):[^<>|]*)(?:\|([^<>]*))?>")


class Emoji(RootModel[dict[str, str]]):
    """The file."""


def is_note(text: str) -> bool:
    """Whether a message is for colleagues only: every line of it is a note."""
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(_is_note(line) for line in lines)


def to_visitor(text: str) -> str:
    """What of a message goes to the visitor, as they read it: all but the lines that are notes."""
    return to_plain("\n".join(line for line in text.splitlines() if not _is_note(line)))


def to_plain(text: str) -> str:
    """What a colleague wrote, as the visitor reads it: no ids, no names of colleagues or channels."""
    said = _EMOJI.sub(lambda found: emoji().get(found.group(1), found.group()), _ANGLED.sub(_said, text))
    return html.unescape(said).strip()


@lru_cache(maxsize=1)
def emoji() -> dict[str, str]:
    """The little pictures by Slack's names for them (`data/emoji.yml`); others stay as Slack writes them."""
    return load("emoji.yml", Emoji).root


def _is_note(line: str) -> bool:
    return line.lstrip().startswith(NOTE)


def _said(found: re.Match[str]) -> str:
    target, label = found.group(1), found.group(2) or ""
    if target.startswith("@"):
        return plain("thread.a_colleague")
    if target.startswith("#"):
        return plain("thread.a_channel")
    if target.startswith("!date"):
        return label
    if target.startswith("!"):
        return plain("thread.a_colleague")
    address = target.removeprefix("mailto:").removeprefix("tel:")
    return address if not label or label in (target, address) else f"{label} ({address})"
