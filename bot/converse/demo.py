"""A running demo as scripts see it: the conversation interface, and what only a demo has."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any

import httpx

LOOK_SECONDS = 0.03
ANSWER_SECONDS = 40.0
REQUEST_SECONDS = 10.0
RESET_SECONDS = 60.0
"""What is under way is waited for, and a CRM of others is filled anew."""
AWAY_SECONDS, AGAIN_SECONDS = 20.0, 0.5
"""How long a CRM of others may be busy, and how often it is asked meanwhile."""

IDLE_SECONDS = 3.0
"""An idle connection is given up before the gateway does so, after 5 s, under the next request."""

Message = dict[str, Any]


class DemoError(Exception):
    """The demo did not do what every demo does; the message says what."""


class Unanswered(DemoError):
    """No answer came in time."""


class Refusal(Exception):
    """The interface refused a message.

    Attributes:
        status: of HTTP.
        code: of the contract's error.
        sentence: for people.
    """

    def __init__(self, status: int, code: str, sentence: str) -> None:
        self.status = status
        self.code = code
        self.sentence = sentence
        super().__init__(f"{status} {code}: {sentence}")


class Demo:
    """One demo by its address; a context manager."""

    def __init__(self, address: str) -> None:
        """Prepare to talk to it.

        Args:
            address: a base URL.
        """
        self.address = address.rstrip("/")
        limits = httpx.Limits(keepalive_expiry=IDLE_SECONDS)
        self._client = httpx.Client(
            base_url=self.address, timeout=REQUEST_SECONDS, limits=limits, trust_env=False
        )

    def __enter__(self) -> Demo:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End its connections."""
        self._client.close()

    def open(self) -> Talk:
        """Begin a conversation.

        Raises:
            DemoError: it cannot be begun.
        """
        opened = self._json(self.request("POST", "/api/conversations"), 201)
        return Talk(self, opened["id"], opened["token"], list(opened["messages"]))

    def reset(self) -> None:
        """Back to the demo's first moment: its contacts, no cases, no mail, the machine's own time."""
        self._json(self.request("POST", "/demo/reset", json={}, timeout=RESET_SECONDS))

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self._json(self.request("POST", "/demo/clock", json={"advance": written(by)}))

    def mailbox(self) -> list[dict[str, Any]]:
        """All mail, oldest first."""
        messages: list[dict[str, Any]] = self._json(self.request("GET", "/demo/mailbox.json"))["messages"]
        return messages

    def state(self) -> dict[str, Any]:
        """Contacts, cases, preferences, suppression and tasks as they are.

        A CRM that does not answer just now is asked again.
        """
        deadline = time.monotonic() + AWAY_SECONDS
        while True:
            response = self.request("GET", "/demo/state.json")
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                state: dict[str, Any] = self._json(response)
                return state
            time.sleep(AGAIN_SECONDS)

    def request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """One request.

        Args:
            method: of HTTP.
            path: below the demo's address.
            arguments: given to httpx.

        Raises:
            DemoError: the demo cannot be reached.
        """
        try:
            return self._client.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise DemoError(f"{self.address}{path} cannot be reached: {error}") from error

    def _json(self, response: httpx.Response, status: int = 200) -> Any:
        path = response.request.url.path
        if response.status_code == 404 and path.startswith("/demo"):
            raise DemoError(f"{self.address} has no {path}: scripts play against a demo only.")
        if response.status_code != status and not (status == 200 and response.is_success):
            raise DemoError(f"{path} answered {response.status_code}: {response.text[:200]}")
        return response.json() if response.content else {}


@dataclass
class Talk:
    """One conversation of one contact.

    Attributes:
        messages: all seen so far, in order.
    """

    demo: Demo
    id: str
    token: str
    messages: list[Message] = field(default_factory=list)
    pending: bool = False

    @property
    def last_seq(self) -> int:
        """The newest message's number."""
        return self.messages[-1]["seq"] if self.messages else 0

    def send(self, body: dict[str, Any]) -> int:
        """Send a message and return its number.

        Raises:
            Refusal: the interface did not take it.
        """
        response = self.demo.request("POST", self._path, json=body, headers=self._headers)
        if response.status_code == 202:
            return int(response.json()["seq"])
        raise refusal(response)

    def look(self) -> None:
        """Fetch what is new."""
        response = self.demo.request(
            "GET", self._path, params={"after": self.last_seq}, headers=self._headers
        )
        if response.status_code != 200:
            raise refusal(response)
        answer = response.json()
        self.messages.extend(answer["messages"])
        self.pending = bool(answer["pending"])

    def settle(self, seq: int, within: float = ANSWER_SECONDS) -> None:
        """Wait until the message `seq` has its answer and nothing more is being worked on.

        Raises:
            Unanswered: that took too long.
        """
        deadline = time.monotonic() + within
        while True:
            self.look()
            answered = any(message["seq"] > seq and message["from"] != "contact" for message in self.messages)
            if answered and not self.pending:
                return
            if time.monotonic() > deadline:
                what = "is still being worked on" if self.pending else "has no answer"
                raise Unanswered(f"the message {what} after {within:g} s")
            time.sleep(LOOK_SECONDS)

    @property
    def _path(self) -> str:
        return f"/api/conversations/{self.id}/messages"

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def refusal(response: httpx.Response) -> Refusal:
    """An error answer as the contract writes it; also one that does not follow it."""
    try:
        error = response.json()["error"]
        return Refusal(response.status_code, str(error["code"]), str(error["message"]))
    except (ValueError, KeyError, TypeError):
        return Refusal(response.status_code, "unknown", response.text[:200])


def written(by: timedelta) -> str:
    """A duration in ISO 8601."""
    return f"P{by.days}DT{by.seconds}S"
