"""What the parts of the Slack app share: services, who acts, and the shape of a group of listeners."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from slack_bolt import App
from slack_sdk import WebClient

from actions.database import Database
from actions.handover.interfaces import AgentIdentity, Role
from actions.settings import Settings

if TYPE_CHECKING:
    from bot.slack.people import People
    from bot.slack.roles import Roles

Block = dict[str, Any]
"""One block of Block Kit."""

Body = dict[str, Any]
"""The body of a delivery, as Bolt parses it."""


class SlackRefused(Exception):
    """What somebody wants in Slack cannot be done; the message is a sentence for them, shown privately."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        """Refuse.

        Args:
            sentence: for whoever wanted it.
            field: of the form they filled in, where that is what is wrong; by its block.
        """
        super().__init__(sentence)
        self.field = field

    @property
    def sentence(self) -> str:
        """The sentence, with its marks where it has any."""
        found: str = self.args[0]
        return found


@dataclass(frozen=True)
class Agent:
    """Who acts in Slack, with the role their user or a group of theirs has in the settings.

    Attributes:
        user_id: Slack's id of them.
        name: the name that cases, the audit trail and contacts see; it stays the same once given.
        role: the highest of theirs; each includes those before it.
        standing_in_for: the users who are away and whose role this is, where it is not their own.
    """

    user_id: str
    name: str
    role: Role
    standing_in_for: tuple[str, ...] = ()

    @property
    def identity(self) -> AgentIdentity:
        """The same person for the desk of the web chat."""
        return AgentIdentity(self.name, self.role)


@dataclass(frozen=True)
class SlackServices:
    """What listeners need.

    Attributes:
        database: `read()` and `write()` for sessions; time comes from `actions.clock.now(session)`.
        settings: of this process.
        client: the Web API with timeouts and retries, for what is part of a listener's own answer (open a
            modal, publish Home, look somebody up). Everything else goes through `bot.slack.outbox.enqueue`.
        roles: who is what.
        people: who somebody is: their name here, and their address as Slack has it.
        changed: set when something was done that messages in the channel show, so that they follow at once.
    """

    database: Database
    settings: Settings
    client: WebClient
    roles: Roles
    people: People
    changed: threading.Event = field(default_factory=threading.Event)


class Register(Protocol):
    """A group of listeners: adds them to the app, once, when it is built."""

    def __call__(self, app: App, services: SlackServices) -> None:
        """Add the group's listeners."""
        ...


Loop = Callable[[SlackServices, threading.Event], None]
"""Work of this process beside the listeners, in a thread of its own: returns soon after the event is set."""
