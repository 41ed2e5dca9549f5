"""How a script's contact reaches the assistant: by the interface the website uses, or through Slack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.converse.demo import Demo, DemoError, Message
from bot.converse.script import Person

if TYPE_CHECKING:
    from bot.converse.slack import Workspace

CHANNELS = ("web", "slack")


class Talking(Protocol):
    """One conversation of one contact, by whatever way.

    Attributes:
        messages: all seen so far, in order, in the contract's form.
    """

    messages: list[Message]

    def send(self, body: dict[str, object]) -> int:
        """Send a message and return its number.

        Raises:
            bot.converse.demo.Refusal: it was not taken.
        """
        ...

    def look(self) -> None:
        """Fetch what is new."""
        ...

    def settle(self, seq: int) -> None:
        """Wait until a message has its answer and nothing more is being worked on.

        Raises:
            bot.converse.demo.Unanswered: that took too long.
        """
        ...


class Channels:
    """Every way to a demo. A Slack of our own, with the app, is made when the first script wants it."""

    def __init__(self, demo: Demo, home: Path | None, settings: Mapping[str, str] | None = None) -> None:
        """Prepare.

        Args:
            demo: where scripts are played.
            home: its state folder, if that is here; over Slack nothing can be played without.
            settings: environment variables it runs with beside those of this process.
        """
        self._demo = demo
        self._home = home
        self._settings = settings or {}
        self._workspace: Workspace | None = None

    def open(self, channel: str, person: Person) -> Talking:
        """Begin a conversation.

        Raises:
            DemoError: it cannot be begun.
        """
        if channel == "web":
            return self._demo.open()
        if self._home is None:
            raise DemoError(
                "a script over Slack needs the demo's state folder, which an address alone does not tell; "
                "set RIGHTLINE_HOME to it instead of --url"
            )
        if self._workspace is None:
            from bot.converse.slack import Workspace

            self._workspace = Workspace(self._home, self._settings)
        return self._workspace.open(person)

    def close(self) -> None:
        """End what was started."""
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None


@contextmanager
def channels_to(demo: Demo, home: Path | None) -> Iterator[Channels]:
    """Every way to a demo, until the context ends."""
    channels = Channels(demo, home)
    try:
        yield channels
    finally:
        channels.close()
