"""The stand-in as its users hold it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.slack_standin.api import APP_TOKEN, BOT_TOKEN, Api, Call
from bot.slack_standin.chat import respond
from bot.slack_standin.deliveries import SIGNING_SECRET, Deliveries
from bot.slack_standin.faults import Faults
from bot.slack_standin.looking import Channel
from bot.slack_standin.people import User
from bot.slack_standin.server import WebServer
from bot.slack_standin.sockets import Sockets
from bot.slack_standin.workspace import Person, Place, Workspace

Found = TypeVar("Found")
PLANNED = frozenset({"rate_limit", "status", "error", "refuse_connection"})


class StandInSlack:
    """A Slack on loopback; a context manager that ends it.

    Attributes:
        workspace: what it knows.
        api: the Web API: granted scopes, recorded calls.
        faults: what goes wrong on purpose.
        deliveries: how things reach the app: set `address` for HTTP, otherwise Socket Mode.
        sockets: the app's connections in Socket Mode.
    """

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN
    signing_secret = SIGNING_SECRET

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.api = Api(self.workspace)
        self.faults = Faults()
        self.sockets = Sockets(self.faults)
        self.deliveries = Deliveries(self.sockets)
        self._server = WebServer(self.api, self.faults, self.sockets)

    def __enter__(self) -> StandInSlack:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self.sockets.close()
        self._server.close()

    @property
    def address(self) -> str:
        """Where it listens, as `http://127.0.0.1:…`."""
        return self._server.address

    @property
    def api_url(self) -> str:
        """What the SDK's clients take as `base_url`."""
        return f"{self.address}/api/"

    # --- People and places ---

    def user(self, identifier: str, name: str = "", *, email: str = "", team: str = "") -> User:
        """Somebody, who joins the workspace when nobody has that id yet.

        Args:
            identifier: beginning with U.
            name: by default made of the id.
            email: of their profile.
            team: another workspace's id, for a stranger in a shared channel.
        """
        person = self.workspace.people.get(identifier)
        if person is None:
            name = name or identifier.lower()
            email = email or f"{name}@standin.example"
            person = Person(identifier, name, email, team or self.workspace.team)
            self.workspace.people[identifier] = person
        person.name, person.email = name or person.name, email or person.email
        return User(self, person)

    def channel(
        self, identifier: str, name: str = "", *, members: Iterable[str] = (), private: bool = False
    ) -> Channel:
        """A channel with the app in it, made when there is none with that id.

        Args:
            identifier: beginning with C.
            name: by default made of the id.
            members: ids of users, who join the workspace too.
            private: only its members see it.
        """
        place = self.workspace.places.get(identifier)
        if place is None:
            place = Place(identifier, name or identifier.lower(), members={self.workspace.bot_user})
            place.kind = "group" if private else "channel"
            self.workspace.places[identifier] = place
        for member in members:
            place.members.add(self.user(member).id)
        return Channel(self, place)

    def group(self, identifier: str, members: Iterable[str]) -> None:
        """A user group, beginning with S, and who is in it."""
        self.workspace.groups[identifier] = [self.user(member).id for member in members]

    # --- What the app did ---

    @property
    def calls(self) -> list[Call]:
        """Every call of the app, oldest first."""
        return list(self.api.calls)

    def calls_of(self, method: str) -> list[Call]:
        """The app's calls of one method, those that were refused included."""
        return [call for call in self.calls if call.method == method]

    @property
    def refused(self) -> list[Call]:
        """Calls that Slack would refuse, but for what went wrong on purpose: there should be none."""
        return [call for call in self.calls if call.error and call.error not in PLANNED]

    def everything_sent(self) -> str:
        """All that the app ever sent, for looking whether something is in it."""
        sent: list[Any] = [call.arguments for call in self.calls]
        sent += [delivery.answer for delivery in self.deliveries.made]
        return json.dumps(sent, ensure_ascii=False)

    def shows(self, answer: dict[str, Any], channel: str, user: str) -> None:
        """Show somebody what the app acknowledged a command with, under the rules of messages."""
        key = f"a{self.workspace.number()}"
        self.workspace.response_urls[key] = (None, channel, user, 1)
        respond(self.workspace, key, answer)

    def wait_for(self, look: Callable[[], Found], *, within: float = 30.0, what: str = "") -> Found:
        """Look until there is something.

        Raises:
            AssertionError: there was nothing in time; says what the app did last.
        """
        deadline = time.monotonic() + within
        while not (found := look()):
            if time.monotonic() > deadline:
                last = [f"{call.method} {call.error}".strip() for call in self.calls[-8:]]
                raise AssertionError(f"{what or 'nothing'} came within {within:g} s; last calls: {last}")
            time.sleep(0.02)
        return found

    def wait_connected(self, within: float = 30.0) -> None:
        """Wait until the app has a connection in Socket Mode.

        Raises:
            AssertionError: it has none in time.
        """
        if not self.sockets.wait_connected(within):
            raise AssertionError(f"the app did not connect within {within:g} s")

    def wait_listening(self, within: float = 30.0) -> None:
        """Wait until the app takes HTTP requests where deliveries go.

        Raises:
            AssertionError: it does not in time.
        """
        address = urlsplit(self.deliveries.address)
        self.wait_for(
            lambda: _is_open(address.hostname or "", address.port or 0), within=within, what="no listener"
        )


def _is_open(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
