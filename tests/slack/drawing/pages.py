"""Whole pages: a thread, a modal, Home; and their screenshots."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser

from bot.slack_standin import StandInSlack
from bot.slack_standin.workspace import Posted, View
from tests.slack.drawing.blocks import Drawing
from tests.slack.drawing.markup import emoji, mrkdwn

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
COLOURS = ("#4a154b", "#1d6f5c", "#8a4b08", "#2b5797", "#7a1f3d")


def thread(slack: StandInSlack, messages: Sequence[Posted], *, title: str, app: str = "Rightline") -> str:
    """Messages one below the other, under the name of their channel."""
    people, places = _names(slack, app)
    drawing = Drawing(people, places)
    rows = "".join(_message(drawing, people, places, message) for message in messages)
    return _page(f'<main class="channel"><h1>{html.escape(title)}</h1>{rows}</main>')


def modal(slack: StandInSlack, view: View, *, app: str = "Rightline") -> str:
    """A modal."""
    drawing = Drawing(*_names(slack, app))
    content = view.content
    close = drawing.text(content["close"]) if "close" in content else "Close"
    buttons = f'<span class="button">{close}</span>'
    if "submit" in content:
        buttons += f'<span class="button primary">{drawing.text(content["submit"])}</span>'
    return _page(
        f'<main class="modal"><header><b>{drawing.text(content["title"])}</b><span>✕</span></header>'
        f'<div class="body">{drawing.blocks(content["blocks"])}</div><footer>{buttons}</footer></main>'
    )


def home(slack: StandInSlack, view: View, *, app: str = "Rightline") -> str:
    """Somebody's Home."""
    drawing = Drawing(*_names(slack, app))
    tabs = "<nav><b>Home</b><span>Messages</span><span>About</span></nav>"
    return _page(
        f'<main class="home"><h1>{html.escape(app)}</h1>{tabs}{drawing.blocks(view.content["blocks"])}</main>'
    )


def draw(browser: Browser, page: str, path: Path, *, width: int = 760) -> None:
    """A screenshot of a page, as high as what is on it."""
    window = browser.new_page(viewport={"width": width, "height": 400}, device_scale_factor=2)
    window.set_content(page)
    window.locator("main").screenshot(path=path)
    window.close()


def _names(slack: StandInSlack, app: str) -> tuple[dict[str, str], dict[str, str]]:
    people = {person.id: person.name for person in slack.workspace.people.values()}
    people[slack.workspace.bot_user] = app
    return people, {place.id: place.name for place in slack.workspace.places.values()}


def _message(drawing: Drawing, people: dict[str, str], places: dict[str, str], message: Posted) -> str:
    name = people.get(message.user, message.user)
    number = sorted(people).index(message.user) % len(COLOURS) if message.user in people else 0
    at = datetime.fromtimestamp(float(message.ts), UTC)
    badge = '<span class="badge">APP</span>' if message.by_app else ""
    only = '<div class="only">Only visible to you</div>' if message.only_for else ""
    edited = ' <span class="time">(edited)</span>' if message.edited_at and not message.by_app else ""
    body = drawing.blocks(message.blocks) if message.blocks else _text(message.text, people, places)
    reactions = "".join(f'<span class="reaction">:{one}: 1</span>' for one in sorted(message.reactions))
    avatar = f'<div class="avatar" style="background:{COLOURS[number]}">{html.escape(name[:1].upper())}</div>'
    return (
        f"<article>{avatar}"
        f'<div class="content">{only}<div class="who"><b>{html.escape(name)}</b>{badge}'
        f'<span class="time">{at:%H:%M}</span>{edited}</div>{body}{emoji(reactions)}</div></article>'
    )


def _text(text: str, people: dict[str, str], places: dict[str, str]) -> str:
    shown = mrkdwn(text, people, places)
    return f'<div class="section"><div class="main"><div class="text">{shown}</div></div></div>'


def _page(body: str) -> str:
    head = f'<meta charset="utf-8"><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en">{head}<body>{body}</body></html>'
