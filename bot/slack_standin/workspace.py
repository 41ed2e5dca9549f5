"""What the stand-in knows: people, conversations, messages, views. All of it is guarded by one lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from actions.clock.services import machine_now
from bot.slack_standin.errors import ApiError

TRIGGER_SECONDS = 3.0
Kind = Literal["channel", "group", "im"]


@dataclass
class Person:
    """Somebody in the workspace, or from another one in a shared channel."""

    id: str
    name: str
    email: str = ""
    team: str = ""
    is_bot: bool = False
    deleted: bool = False
    time_zone: str = "Europe/London"


@dataclass
class Place:
    """A conversation: a public channel, a private one (`group`) or a direct message with the app (`im`)."""

    id: str
    name: str
    kind: Kind = "channel"
    members: set[str] = field(default_factory=set)
    archived: bool = False


@dataclass
class Posted:
    """A message. An ephemeral one has `only_for`; a deleted one stays in the list of deletions only."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    only_for: str | None = None
    edited_at: str = ""
    reactions: set[str] = field(default_factory=set)
    metadata: dict[str, Any] | None = None
    by_app: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the Web API shows it."""
        found: dict[str, Any] = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        if self.by_app:
            found |= {"bot_id": "B0STANDIN", "app_id": "A0STANDIN"}
        if self.blocks:
            found["blocks"] = self.blocks
        if self.thread_ts:
            found["thread_ts"] = self.thread_ts
        if self.edited_at:
            found["edited"] = {"user": self.user, "ts": self.edited_at}
        return found


@dataclass
class View:
    """A modal that is open, or somebody's Home."""

    id: str
    user: str
    content: dict[str, Any]
    hash: str
    root_id: str
    previous_id: str | None = None

    def as_json(self, team: str, app: str) -> dict[str, Any]:
        """As Slack sends it, with what it adds."""
        blocks = [
            block if "block_id" in block else {**block, "block_id": f"b{number}"}
            for number, block in enumerate(self.content["blocks"])
        ]
        added = {"callback_id": "", "external_id": "", "private_metadata": "", "state": {"values": {}}}
        return {
            **added,
            **self.content,
            "blocks": blocks,
            "id": self.id,
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "team_id": team,
            "app_id": app,
        }


@dataclass
class Trigger:
    """The right to open one modal, for three seconds after somebody did something."""

    user: str
    at: float
    used: bool = False


class Workspace:
    """One workspace with the app installed in it."""

    team = "T0STANDIN"
    app = "A0STANDIN"
    bot_user = "U0APP"
    bot = "B0STANDIN"

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.people: dict[str, Person] = {}
        self.groups: dict[str, list[str]] = {}
        self.places: dict[str, Place] = {}
        self.messages: list[Posted] = []
        self.deleted: list[Posted] = []
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, tuple[Posted | None, str, str, int]] = {}
        self._numbers = 0
        self._last_ts = 0.0
        self.monotonic: Callable[[], float] = time.monotonic
        self.people[self.bot_user] = Person(self.bot_user, "privacy", team=self.team, is_bot=True)

    def number(self) -> int:
        """A number nobody else has."""
        with self.lock:
            self._numbers += 1
            return self._numbers

    def next_ts(self) -> str:
        """The time of a message, which is its id in its channel: later than every one before."""
        with self.lock:
            self._last_ts = max(self._last_ts + 0.000001, machine_now().timestamp())
            return f"{self._last_ts:.6f}"

    def edit_ts(self) -> str:
        """The time of an edit, of which Slack tells the second only: two in one second have the same."""
        return f"{machine_now().timestamp():.0f}.000000"

    def trigger(self, user: str) -> str:
        """A new trigger for somebody who has just done something."""
        with self.lock:
            identifier = f"{self.number()}.{self.number()}.abcdef"
            self.triggers[identifier] = Trigger(user, self.monotonic())
            return identifier

    def exchange(self, trigger_id: Any) -> str:
        """Use up a trigger; whose it was.

        Raises:
            ApiError: it is unknown, used already, or more than three seconds old.
        """
        with self.lock:
            trigger = self.triggers.get(str(trigger_id))
            if trigger is None:
                raise ApiError("invalid_trigger_id")
            if trigger.used:
                raise ApiError("exchanged_trigger_id")
            if self.monotonic() - trigger.at > TRIGGER_SECONDS:
                raise ApiError("expired_trigger_id")
            trigger.used = True
            return trigger.user

    def person(self, identifier: Any) -> Person:
        """Somebody by id.

        Raises:
            ApiError: `user_not_found`.
        """
        found = self.people.get(str(identifier))
        if found is None:
            raise ApiError("user_not_found")
        return found

    def place(self, identifier: Any) -> Place:
        """A conversation by id.

        Raises:
            ApiError: `channel_not_found`.
        """
        found = self.places.get(str(identifier))
        if found is None:
            raise ApiError("channel_not_found")
        return found

    def direct(self, user: str) -> Place:
        """The direct messages between somebody and the app."""
        with self.lock:
            for place in self.places.values():
                if place.kind == "im" and user in place.members:
                    return place
            place = Place(f"D{user[1:]}APP", "", "im", {user, self.bot_user})
            self.places[place.id] = place
            return place

    def post(self, message: Posted) -> Posted:
        """Add a message."""
        with self.lock:
            self.messages.append(message)
            return message

    def message(self, channel: Any, ts: Any) -> Posted:
        """A message by its channel and time.

        Raises:
            ApiError: `message_not_found`.
        """
        for message in self.in_place(str(channel)):
            if message.ts == ts and message.only_for is None:
                return message
        raise ApiError("message_not_found")

    def in_place(self, channel: str) -> Iterator[Posted]:
        """All messages of a conversation, oldest first."""
        with self.lock:
            found = [message for message in self.messages if message.channel == channel]
        yield from found
