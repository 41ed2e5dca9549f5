"""A stand-in of HubSpot that speaks its protocol over a socket, from its published documentation.

It keeps to the shapes, statuses and limits that are documented, and refuses what HubSpot would refuse: an
unknown property, an address that is taken, a batch that is too long, a search beyond 10,000. A search does
not see what was written just before. What could not be checked, docs/connectors.md says.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.peers.hubspot_objects import Account
from tests.peers.hubspot_things import Refused

Json = dict[str, Any]
Handler = Callable[[Account, re.Match[str], dict[str, str], Any], tuple[int, Any]]
TOKEN = "pat-eu1-0b6f2c1e-7d0f-4a5f-9a8c-5a4c1d2e3f40"


@dataclass
class Trouble:
    """What goes wrong next.

    Attributes:
        times: how often.
        status: what is answered; 0 breaks the connection off.
        body: the answer's body; HubSpot's own for the status by default.
        headers: further headers.
        after: whether the request is carried out before.
        only: part of the path; the trouble is for such requests alone.
        seconds: how long it takes before the answer.
    """

    times: int
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    only: str = ""
    seconds: float = 0.0


@dataclass
class HubSpotStandIn:
    """One that runs.

    Attributes:
        url: where it answers.
        account: what is in it.
        asked: every request, as method and path without the query.
        troubles: what goes wrong.
    """

    url: str
    account: Account
    asked: list[tuple[str, str]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """The settings that make Rightline use it."""
        return {
            "RIGHTLINE_CRM": "hubspot",
            "RIGHTLINE_HUBSPOT_URL": self.url,
            "RIGHTLINE_HUBSPOT_TOKEN": TOKEN,
        }

    def next_trouble(self, path: str) -> Trouble | None:
        """The trouble that this request runs into."""
        for trouble in self.troubles:
            if trouble.only in path and trouble.times > 0:
                trouble.times -= 1
                return trouble
        return None


@contextmanager
def running(account: Account | None = None) -> Iterator[HubSpotStandIn]:
    """Start one on a free port, and end it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    stand_in = HubSpotStandIn(f"http://127.0.0.1:{server.server_port}", account or Account())
    server.stand_in = stand_in  # type: ignore[attr-defined]
    server.lock = threading.Lock()  # type: ignore[attr-defined]
    server.released = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.released.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "HubSpotStandIn"

    def log_message(self, format: str, *arguments: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        stand_in: HubSpotStandIn = self.server.stand_in  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        query = {name: ",".join(values) for name, values in parse_qs(parts.query).items()}
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        trouble = stand_in.next_trouble(parts.path)
        stand_in.asked.append((method, parts.path))
        if trouble is not None:
            if trouble.after:
                self._carried_out(stand_in, method, parts.path, query, content)
            if trouble.seconds:
                self.server.released.wait(trouble.seconds)  # type: ignore[attr-defined]
            if trouble.status == 0:
                self.close_connection = True
                self.connection.close()
                return
            self._send(trouble.status, trouble.body or said(trouble.status), trouble.headers)
            return
        status, body = self._carried_out(stand_in, method, parts.path, query, content)
        self._send(status, body)

    def _carried_out(
        self, stand_in: HubSpotStandIn, method: str, path: str, query: dict[str, str], content: bytes
    ) -> tuple[int, Any]:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, said(401)
        body: Any = None
        if content:
            if self.headers.get("Content-Type", "").split(";")[0] != "application/json":
                return 415, said(415)
            try:
                body = json.loads(content)
            except ValueError:
                return 400, said(400)
        with self.server.lock:  # type: ignore[attr-defined]
            for wanted, pattern, handler in ROUTES:
                found = re.fullmatch(pattern, path)
                if wanted == method and found is not None:
                    try:
                        return handler(stand_in.account, found, query, body)
                    except Refused as refusal:
                        return refusal.status, refusal.body
        return 404, said(404)

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = b"" if status == 204 or body is None else json.dumps(body).encode()
        self.send_response(status)
        if content:
            self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


CATEGORIES = {
    400: "VALIDATION_ERROR",
    401: "INVALID_AUTHENTICATION",
    403: "MISSING_SCOPES",
    404: "OBJECT_NOT_FOUND",
    409: "CONFLICT",
    415: "VALIDATION_ERROR",
    429: "RATE_LIMITS",
}


def said(status: int, message: str = "", **more: Any) -> Json:
    """An error as HubSpot words it."""
    if status == 429:
        more = {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"} | more
    return {
        "status": "error",
        "message": message or "The stand-in says no",
        "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf",
        "category": CATEGORIES.get(status, "INTERNAL_ERROR"),
    } | more


def _contact(account: Account, found: re.Match[str], query: dict[str, str], _body: Any) -> tuple[int, Any]:
    return 200, account.read(unquote(found["id"]), query)


def _change(account: Account, found: re.Match[str], _query: dict[str, str], body: Any) -> tuple[int, Any]:
    return 200, account.change(found["id"], body["properties"])


def _batch_read(account: Account, found: re.Match[str], _query: dict[str, str], body: Any) -> tuple[int, Any]:
    return account.batch_read(found["objects"], body)


def _batch_create(
    account: Account, _found: re.Match[str], _query: dict[str, str], body: Any
) -> tuple[int, Any]:
    return account.batch_create(body)


def _archive(account: Account, found: re.Match[str], _query: dict[str, str], body: Any) -> tuple[int, Any]:
    account.archive(found["objects"], body)
    return 204, None


def _search(account: Account, _found: re.Match[str], _query: dict[str, str], body: Any) -> tuple[int, Any]:
    return 200, account.search(body)


def _gdpr_delete(
    account: Account, _found: re.Match[str], _query: dict[str, str], body: Any
) -> tuple[int, Any]:
    account.gdpr_delete(body)
    return 204, None


def _company(account: Account, found: re.Match[str], query: dict[str, str], _body: Any) -> tuple[int, Any]:
    return 200, account.read_company(found["id"], query)


def _emails_of(account: Account, found: re.Match[str], query: dict[str, str], _body: Any) -> tuple[int, Any]:
    return 200, account.emails_of(found["id"], query)


def _secondary(account: Account, found: re.Match[str], _query: dict[str, str], _body: Any) -> tuple[int, Any]:
    return 200, account.remove_secondary(found["id"], unquote(found["email"]))


def _property(account: Account, _found: re.Match[str], _query: dict[str, str], body: Any) -> tuple[int, Any]:
    return 201, account.make_property(body)


def _definitions(
    account: Account, _found: re.Match[str], _query: dict[str, str], _body: Any
) -> tuple[int, Any]:
    return 200, account.definitions()


def _statuses(account: Account, found: re.Match[str], query: dict[str, str], _body: Any) -> tuple[int, Any]:
    return 200, account.statuses(unquote(found["email"]), query)


def _write(account: Account, _found: re.Match[str], _query: dict[str, str], body: Any) -> tuple[int, Any]:
    return account.write_statuses(body)


def _opt_out(account: Account, found: re.Match[str], query: dict[str, str], _body: Any) -> tuple[int, Any]:
    return 200, account.unsubscribe_all(unquote(found["email"]), query)


CRM, SUBSCRIPTIONS = "/crm/v3/objects", "/communication-preferences/v4"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", rf"{CRM}/contacts/(?P<id>[^/]+)", _contact),
    ("PATCH", rf"{CRM}/contacts/(?P<id>\d+)", _change),
    ("POST", rf"{CRM}/(?P<objects>contacts|emails)/batch/read", _batch_read),
    ("POST", rf"{CRM}/contacts/batch/create", _batch_create),
    ("POST", rf"{CRM}/(?P<objects>contacts|emails)/batch/archive", _archive),
    ("POST", rf"{CRM}/contacts/search", _search),
    ("POST", rf"{CRM}/contacts/gdpr-delete", _gdpr_delete),
    ("GET", rf"{CRM}/companies/(?P<id>\d+)", _company),
    ("GET", r"/crm/v4/objects/contacts/(?P<id>\d+)/associations/emails", _emails_of),
    ("DELETE", r"/contacts/v1/secondary-email/(?P<id>\d+)/email/(?P<email>[^/]+)", _secondary),
    ("POST", r"/crm/v3/properties/contacts", _property),
    ("GET", rf"{SUBSCRIPTIONS}/definitions", _definitions),
    ("POST", rf"{SUBSCRIPTIONS}/statuses/batch/write", _write),
    ("POST", rf"{SUBSCRIPTIONS}/statuses/(?P<email>[^/]+)/unsubscribe-all", _opt_out),
    ("GET", rf"{SUBSCRIPTIONS}/statuses/(?P<email>[^/]+)", _statuses),
)
