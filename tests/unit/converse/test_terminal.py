"""A conversation in a terminal: numbers choose, what is asked for is hidden, the rest is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from rich.console import Console

from bot.converse.demo import Demo
from bot.converse.terminal import Terminal
from tests.unit.converse.fake_demo import FakeDemo, fake_demo, wait_for

CASE = {"reference": "PR-1", "right": "access", "state": "awaiting_approval", "due": "2026-12-23"}
CARD = {"title": "What we hold", "rows": [{"id": "name", "label": "First name", "value": "Tom [sic]"}]}


class Typist:
    """Types lines one after the other, then Ctrl-D."""

    def __init__(self, *lines: str | Callable[[], str]) -> None:
        self._lines = list(lines)
        self.prompts: list[tuple[str, bool]] = []

    def __call__(self, prompt: str, hidden: bool) -> str:
        self.prompts.append((prompt, hidden))
        if not self._lines:
            raise EOFError
        line = self._lines.pop(0)
        return line if isinstance(line, str) else line()


def talk(fake: FakeDemo, typist: Typist) -> str:
    out = io.StringIO()
    with Demo(fake.address) as demo:
        Terminal(demo.open(), Console(file=out, width=100), typist).run()
    return out.getvalue()


def test_what_is_said_and_offered_is_printed_and_a_number_chooses() -> None:
    answer = {
        "text": "Which [one]?",
        "choices": [
            {"id": "erase", "label": "Delete", "style": "danger"},
            {"id": "not_now", "label": "Not now"},
        ],
        "card": CARD,
        "case": CASE,
    }
    with fake_demo(answer=lambda _: [answer]) as fake:
        printed = talk(fake, Typist("1", "hello", "2", "3", "  "))
    assert fake.received == [{"choice": "access"}, {"text": "hello"}, {"choice": "not_now"}, {"text": "3"}]
    assert "1 See what you hold" in printed
    for part in (
        "Which [one]?",
        "What we hold",
        "Tom [sic]",
        "2 Not now",
        "PR-1: awaiting approval, due 2026-12-23",
    ):
        assert part in printed


def test_what_is_asked_for_is_hidden_and_sent_as_a_field_and_a_slash_says_something_else() -> None:
    ask = {"text": "Which address?", "ask": {"field": "email", "label": "Email address"}}
    with fake_demo(answer=lambda _: [ask]) as fake:
        typist = Typist("show me", "tom@northgate.example", "/why do you need that?")
        talk(fake, typist)
    assert fake.received == [
        {"text": "show me"},
        {"fields": {"email": "tom@northgate.example"}},
        {"text": "why do you need that?"},
    ]
    assert typist.prompts[:2] == [("> ", False), ("{Email address} ", True)]


def test_a_refusal_is_told_and_the_conversation_goes_on() -> None:
    with fake_demo(refuse={"x": (429, "rate_limited")}) as fake:
        assert "No." in talk(fake, Typist("x", "y"))
    assert fake.received[-1] == {"text": "y"}


def test_what_comes_by_itself_is_printed_while_nobody_types() -> None:
    printed: dict[str, Any] = {}

    def pause() -> str:
        wait_for(lambda: "Hello from Sam" in printed["out"].getvalue())
        raise KeyboardInterrupt

    with fake_demo(late=[{"from": "agent", "text": "Hello from Sam"}]) as fake, Demo(fake.address) as demo:
        printed["out"] = io.StringIO()
        Terminal(demo.open(), Console(file=printed["out"], width=100), Typist("hi", pause)).run()
    assert "agent: Hello from Sam" in printed["out"].getvalue()
