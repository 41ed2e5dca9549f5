"""A conversation in a terminal: what is said is printed as it comes, what is typed is sent."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from bot.converse.demo import DemoError, Message, Refusal, Talk

FOLLOW_SECONDS = 0.5
VOICES = {"assistant": "cyan", "agent": "magenta", "system": "yellow"}
HELP = (
    "Type your message, or a number to choose. What is asked for in braces is hidden while you type it; "
    "begin with a slash to say something else there. Ctrl-D ends the conversation."
)

Read = Callable[[str, bool], str]


class Terminal:
    """One conversation."""

    def __init__(self, talk: Talk, console: Console, read: Read) -> None:
        """Prepare.

        Args:
            talk: the conversation, already opened.
            console: where to print.
            read: asks for a line; is told what to print before it, and whether to hide what is typed. Raises
                EOFError when there is no more.
        """
        self._talk = talk
        self._console = console
        self._read = read
        self._shown = 0
        self._choices: list[dict[str, Any]] = []
        self._asked: dict[str, Any] | None = None
        self._turn = threading.Lock()

    def run(self) -> None:
        """Talk until the contact ends it.

        Raises:
            DemoError: Rightline is gone.
        """
        self._console.print(HELP, style="dim")
        self._show_new()
        over = threading.Event()
        follower = threading.Thread(target=self._follow, args=(over,), daemon=True)
        follower.start()
        try:
            while True:
                line = self._read(self._prompt(), self._asked is not None).strip()
                if line:
                    self._say(line)
        except (EOFError, KeyboardInterrupt):
            self._console.print()
        finally:
            over.set()
            follower.join(timeout=2)

    def _say(self, line: str) -> None:
        with self._turn:
            body = self._body(line)
            self._choices, self._asked = [], None
            try:
                seq = self._talk.send(body)
                with self._console.status("…"):
                    self._talk.settle(seq)
            except Refusal as refusal:
                self._console.print(escape(refusal.sentence), style="red")
        self._show_new()

    def _body(self, line: str) -> dict[str, Any]:
        if line.isdecimal() and 0 < int(line) <= len(self._choices) and len(line) < 3:
            return {"choice": self._choices[int(line) - 1]["id"]}
        if self._asked is not None and not line.startswith("/"):
            return {"fields": {self._asked["field"]: line}}
        return {"text": line.removeprefix("/") if self._asked is not None else line}

    def _prompt(self) -> str:
        return f"{{{self._asked['label']}}} " if self._asked is not None else "> "

    def _follow(self, over: threading.Event) -> None:
        """Print what comes by itself, from the worker or from an agent."""
        while not over.wait(FOLLOW_SECONDS):
            with self._turn, contextlib.suppress(DemoError, Refusal):
                self._talk.look()
            self._show_new()

    def _show_new(self) -> None:
        with self._turn:
            for message in self._talk.messages[self._shown :]:
                self._shown += 1
                if message["from"] != "contact":
                    self._show(message)

    def _show(self, message: Message) -> None:
        voice = VOICES.get(message["from"], "white")
        name = "" if message["from"] == "assistant" else f"{message['from']}: "
        self._console.print(f"\n[{voice}]{name}{escape(message.get('text') or '')}[/{voice}]")
        if "card" in message:
            self._console.print(Padding(_card(message["card"]), (0, 0, 0, 2)))
        if "case" in message:
            case = message["case"]
            state = case["state"].replace("_", " ")
            self._console.print(f"  {case['reference']}: {state}, due {case['due']}", style="dim")
        for choice in message.get("choices", ()):
            self._choices.append(choice)
            style = "red" if choice.get("style") == "danger" else "bold"
            self._console.print(f"  [{style}]{len(self._choices)}[/{style}] {escape(choice['label'])}")
        if "ask" in message:
            self._asked = message["ask"]


def _card(card: dict[str, Any]) -> Table:
    table = Table(title=escape(card["title"]), title_justify="left", title_style="bold", show_header=False)
    table.add_column(style="bold")
    table.add_column()
    for row in card["rows"]:
        table.add_row(escape(row["label"]), escape(row["value"]))
    return table
