"""The whole Slack app over a stand-in Slack: people press and type, and what they see is looked at."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn

from actions.cases.models import Case
from actions.cases.services import by_reference
from actions.database import Database
from actions.settings import Settings
from bot.slack import posts
from bot.slack.answering import Answering
from bot.slack.app import create_app, services_of
from bot.slack.interfaces import SlackServices
from bot.slack.sender import Sender
from bot.slack.transports import SocketMode, http_app
from bot.slack_standin import StandInSlack
from bot.slack_standin.looking import words
from bot.slack_standin.people import User
from bot.supervisor.ports import free_ports
from tests.support.dialogue import Chat, chat
from tests.support.slack_app import DESK, settings_for
from tests.support.store import database
from tests.support.working import post_office, work

__all__ = ["chat", "database", "post_office"]

PRIYA = "priya@hartwell.example"
TOM = "tom@northgate.example"
ELSEWHERE = "C0ELSEWHERE"


@dataclass
class Desk:
    """The app as it runs, and the Slack it talks to."""

    slack: StandInSlack
    services: SlackServices
    answering: Answering

    @property
    def database(self) -> Database:
        """Where everything is."""
        return self.services.database

    def person(self, name: str) -> User:
        """Somebody who works here: agent, dana, sam (approvers), dpo, reader; or nobody."""
        return self.slack.user(f"U0{name.upper()}", name)

    def settle(self) -> None:
        """Let the channel follow what is on record, and every call in the queue be made."""
        sender = Sender(self.database, self.services.client)
        while posts.look(self.services) + sender.drain():
            pass

    def work(self) -> None:
        """Let the worker do what is due."""
        work(self.database)

    def case(self, reference: str) -> Case:
        """A case as it is now."""
        with self.database.read() as session:
            found = by_reference(session, reference)
            assert found is not None
            return found

    def says(self) -> str:
        """All that stands in the desk's channel."""
        return words(self.slack.channel(DESK).messages)


def slack_settings(slack: StandInSlack, **changes: Any) -> Settings:
    """The settings of a workspace in which everybody of `Desk.person` has the role of their name."""
    roles = {**settings_for(slack).slack_roles, "agent": ["S0AGENTS"]}
    return settings_for(slack, **{"slack_roles": roles, "slack_deputies": {"U0DPO": ["U0AGENT"]}, **changes})


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(slack: StandInSlack, database: Database) -> Iterator[MakeDesk]:
    """A running app with the settings a test wants, over HTTP unless it says otherwise."""
    ends: list[Callable[[], None]] = []

    # More patience than Slack has, as the stand-in does: a busy machine must fail no test.
    def make(*, transport: str = "http", patience: float = 12.0, **changes: Any) -> Desk:
        slack.group("S0AGENTS", ["U0AGENT"])
        slack.channel(DESK, members=["U0AGENT", "U0DANA", "U0SAM", "U0DPO", "U0READER", "U0NOBODY"])
        slack.channel(ELSEWHERE, members=["U0AGENT", "U0DANA", "U0NOBODY"])
        for name in ("agent", "dana", "sam", "dpo", "reader", "nobody"):
            slack.user(f"U0{name.upper()}").person.name = name
        services = services_of(database, slack_settings(slack, **changes))
        answering = Answering(create_app(services), services, patience=patience)
        ends.append((_over_http if transport == "http" else _over_socket)(slack, services, answering))
        return Desk(slack, services, answering)

    yield make
    for end in ends:
        end()


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """The app, over HTTP."""
    return make_desk()


def _over_http(slack: StandInSlack, _services: SlackServices, answering: Answering) -> Callable[[], None]:
    (port,) = free_ports(1)
    server = uvicorn.Server(
        uvicorn.Config(http_app(answering), host="127.0.0.1", port=port, log_config=None, ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    slack.deliveries.address = f"http://127.0.0.1:{port}/slack/events"

    def end() -> None:
        server.should_exit = True
        thread.join(10)

    return end


def _over_socket(slack: StandInSlack, services: SlackServices, answering: Answering) -> Callable[[], None]:
    stop = threading.Event()
    transport = SocketMode(services.settings, answering)
    threading.Thread(target=transport.run, args=(stop,), daemon=True).start()
    slack.wait_connected()
    # The SDK takes seconds to end its threads, and nobody waits for that.
    return stop.set


def objection(chat: Chat) -> str:
    """Tom's objection, proven; returns its reference."""
    chat.send("object")
    chat.prove(TOM)
    chat.send(value="I mind.")
    return chat.cases()[-1].reference
