"""Bringing what people do to the app: by Socket Mode or by signed HTTP requests, again when not acknowledged.

https://docs.slack.dev/apis/events-api: an event that is not acknowledged within three seconds comes again,
three times at most. Commands and what is done with buttons and modals come once; the person is told that it
went wrong.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from actions.clock.services import machine_now
from bot.slack_standin.sockets import Sockets

ACKNOWLEDGED_WITHIN = 3.0
SIGNING_SECRET = "standin-signing-secret"  # noqa: S105 # of the stand-in
Kind = Literal["events_api", "interactive", "slash_commands"]


@dataclass
class Delivery:
    """One thing that happened, on its way to the app.

    Attributes:
        attempts: how often it was sent, and what came of each: `ok`, `timeout`, `no_connection`, `http_…`.
        answer: what the app said when it acknowledged.
        seconds: until it was acknowledged, the last time.
    """

    kind: Kind
    payload: dict[str, Any]
    attempts: list[str] = field(default_factory=list)
    answer: Any = None
    seconds: float = 0.0
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def acknowledged(self) -> bool:
        """Whether the app has taken it."""
        return "ok" in self.attempts


class Deliveries:
    """How things reach the app.

    Attributes:
        address: where the app listens; Socket Mode when empty.
        pauses: seconds before each repetition of an event. Slack's are about 0, 60 and 300.
        again: send every event this many times more although it was acknowledged, as happens.
        patience: seconds until something counts as not acknowledged; Slack's are three.
        waits_for_repetitions: whether who brings an event waits for the next attempts where it must.
    """

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self.address = ""
        self.pauses: Sequence[float] = (0.1, 0.5, 2.0)
        self.again = 0
        self.patience = ACKNOWLEDGED_WITHIN
        self.waits_for_repetitions = False
        self.signing_secret = SIGNING_SECRET
        self.made: list[Delivery] = []

    def bring(self, kind: Kind, payload: dict[str, Any], *, wait: bool = True) -> Delivery:
        """Bring something to the app.

        Args:
            kind: of envelope.
            payload: what happened.
            wait: for the first attempt; the others go on beside, unless it `waits_for_repetitions`.
        """
        delivery = Delivery(kind, payload)
        self.made.append(delivery)
        first = threading.Event()
        threading.Thread(target=self._bring, args=(delivery, first), daemon=True).start()
        if wait:
            first.wait(self.patience + 1)
            if self.waits_for_repetitions and kind == "events_api" and not delivery.acknowledged:
                delivery.finished.wait(2 * self.patience)
        return delivery

    def repeat(self, delivery: Delivery) -> None:
        """Bring once more what was brought before: the same event, marked as a repetition."""
        self._attempt(delivery, len(delivery.attempts), "http_timeout")

    def _bring(self, delivery: Delivery, first: threading.Event) -> None:
        self._attempt(delivery, 0, "")
        first.set()
        if delivery.kind == "events_api":
            for pause in self.pauses:
                if delivery.acknowledged:
                    break
                time.sleep(pause)
                self._attempt(delivery, len(delivery.attempts), delivery.attempts[-1])
            for _ in range(self.again):
                self._attempt(delivery, len(delivery.attempts), "http_timeout")
        delivery.finished.set()

    def _attempt(self, delivery: Delivery, number: int, reason: str) -> None:
        began = time.monotonic()
        by = self._by_http if self.address else self._by_socket
        outcome, answer = by(delivery, number, reason)
        delivery.seconds = time.monotonic() - began
        if outcome == "ok":
            delivery.answer = answer
        delivery.attempts.append(outcome)

    def _by_socket(self, delivery: Delivery, number: int, reason: str) -> tuple[str, Any]:
        envelope: dict[str, Any] = {
            "type": delivery.kind,
            "envelope_id": secrets.token_hex(16),
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        if not self._sockets.connected:
            return "no_connection", None
        waiting = self._sockets.send(envelope, self.patience)
        return ("timeout", None) if waiting is None else ("ok", waiting.payload)

    def _by_http(self, delivery: Delivery, number: int, reason: str) -> tuple[str, Any]:
        kind, body = encoded(delivery)
        headers = {"Content-Type": kind, **signature(self.signing_secret, body)}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        status, answer = post(self.address, body, headers, within=self.patience)
        if status == 200:
            return "ok", json.loads(answer) if answer.startswith((b"{", b"[")) else answer.decode() or None
        return f"http_{status}" if status else "timeout", None


def encoded(delivery: Delivery) -> tuple[str, bytes]:
    """The content type and the body of an HTTP delivery."""
    if delivery.kind == "events_api":
        return "application/json", json.dumps(delivery.payload).encode()
    fields = (
        delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    )
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def signature(secret: str, body: bytes, *, age: float = 0.0) -> dict[str, str]:
    """The headers by which Slack proves who is asking.

    Args:
        secret: the app's signing secret.
        body: of the request.
        age: how many seconds ago it was signed.
    """
    at = str(int(machine_now().timestamp() - age))
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


def post(
    address: str, body: bytes, headers: dict[str, str], *, within: float = ACKNOWLEDGED_WITHIN
) -> tuple[int, bytes]:
    """One HTTP request; status 0 when nobody answered in time."""
    request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310 # loopback
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=within) as response:
            return int(response.status), bytes(response.read())
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""
