"""Slack's markup and text objects as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

# Signs that ordinary fonts have: a machine that draws need not have one for emoji.
EMOJI = {
    "white_check_mark": "✔",
    "warning": "⚠",
    "x": "✘",
    "hourglass_flowing_sand": "⌛",
    "red_circle": '<span style="color:#c01343">●</span>',
    "large_yellow_circle": '<span style="color:#d79f00">●</span>',
    "large_green_circle": '<span style="color:#007a5a">●</span>',
}
SPAN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
MARKS = (("\\*", "b"), ("_", "i"), ("~", "s"))
DATE = re.compile(r"!date\^")


def mrkdwn(text: str, people: Mapping[str, str], places: Mapping[str, str]) -> str:
    """A text in Slack's markup as HTML.

    Args:
        text: as it is sent.
        people: names by id, for mentions.
        places: names of channels by id.
    """
    held: list[str] = []

    def hold(rendered: str) -> str:
        held.append(rendered)
        return f"\0{len(held) - 1}\0"

    def code(found: re.Match[str]) -> str:
        return hold(f"<code>{_plain(found[1])}</code>")

    def special(found: re.Match[str]) -> str:
        return hold(_special(found[1], found[2], people, places))

    text = re.sub(r"```(.+?)```", lambda found: hold(f"<pre>{_plain(found[1])}</pre>"), text, flags=re.DOTALL)
    text = re.sub(r"`([^`\n]+)`", code, text)
    text = SPAN.sub(special, text)
    lines = [_quoted(line) for line in text.split("\n")]
    shown = "<br>".join(lines).replace("</blockquote><br>", "</blockquote>")
    for mark, tag in MARKS:
        shown = re.sub(rf"(?<![\w*_~]){mark}(?=\S)([^\n]*?\S){mark}(?![\w*_~])", rf"<{tag}>\1</{tag}>", shown)
    shown = emoji(shown)
    return re.sub(r"\0(\d+)\0", lambda found: held[int(found[1])], shown)


def text_of(value: Mapping[str, Any], people: Mapping[str, str], places: Mapping[str, str]) -> str:
    """A text object as HTML."""
    if value["type"] == "mrkdwn":
        return mrkdwn(value["text"], people, places)
    return emoji(_plain(value["text"])).replace("\n", "<br>")


def emoji(text: str) -> str:
    """Names of emoji as the pictures they stand for."""
    return re.sub(r":([a-z_]+):", lambda found: EMOJI.get(found[1], found[0]), text)


def _plain(text: str) -> str:
    return html.escape(html.unescape(text), quote=False)


def _quoted(line: str) -> str:
    shown = _plain(re.sub(r"^(?:>|&gt;) ?", "", line)) if line.startswith(">") else _plain(line)
    return f"<blockquote>{shown}</blockquote>" if line.startswith(">") else shown


def _special(target: str, label: str | None, people: Mapping[str, str], places: Mapping[str, str]) -> str:
    if target.startswith("@"):
        return f'<span class="mention">@{_plain(people.get(target[1:], target[1:]))}</span>'
    if target.startswith("#"):
        return f'<span class="mention">#{_plain(places.get(target[1:], target[1:]))}</span>'
    if DATE.match(target):
        return _plain(label or "")
    return f'<a href="#">{_plain(label or target.removeprefix("mailto:"))}</a>'
