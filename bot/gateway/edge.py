"""The outermost layer: headers on every answer, other origins let in or not, and no error without a form."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actions.logs import where
from bot.gateway.errors import internal_error, refusal
from bot.gateway.metrics import REQUEST_SECONDS, REQUESTS

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
PAGES_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'"
)
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
ONE_YEAR = 31_536_000
STRANGE = (
    "origin_not_allowed",
    "Pages of this origin may not use the assistant; its operator can allow them.",
)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
UNREMARKABLE = frozenset({"/healthz", "/readyz", "unknown"})
EMBEDDABLE = ("/widget.js", "/static/")
DATA = ("/api/", "/demo/", "/desk/api/", "/openapi.json", "/healthz", "/readyz")
ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
    "Access-Control-Max-Age": "600",
}

log = structlog.get_logger(__name__)


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, *, allowed_origins: Sequence[str], public_url: str) -> None:
        """Wrap.

        Args:
            app: the application.
            allowed_origins: other origins whose pages may use the interface; `*` for all.
            public_url: how people reach us; where it is by HTTPS, they always shall.
        """
        self._app = app
        self._allowed_origins = frozenset(origin.rstrip("/") for origin in allowed_origins)
        self._https = public_url.startswith("https:")
        address = urlsplit(public_url)
        self._public_origin = f"{address.scheme}://{address.netloc}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = self._headers(scope)
        identifier = secrets.token_hex(8)
        added["X-Request-ID"] = identifier
        structlog.contextvars.bind_contextvars(request=identifier)
        began, status, started = time.perf_counter(), 0, False

        async def send_with_headers(message: Message) -> None:
            nonlocal started, status
            if message["type"] == "http.response.start":
                started, status = True, message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        if self._is_preflight(scope) and "Access-Control-Allow-Origin" in added:
            await Response(status_code=204, headers=ALLOWED)(scope, receive, send_with_headers)
            return
        try:
            if self._is_strange(scope):
                await refusal(403, *STRANGE)(scope, receive, send_with_headers)
            else:
                await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return
        except Exception as error:
            # Not the error's words: they may quote what somebody wrote.
            log.error("request_failed", path=_route(scope), kind=type(error).__name__, at=where(error))
            if not started:
                await internal_error()(scope, receive, send_with_headers)
        finally:
            _tell(scope, status, time.perf_counter() - began)

    def _headers(self, scope: Scope) -> dict[str, str]:
        path: str = scope["path"]
        added = dict(EVERYWHERE)
        if self._https:
            added["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
        added["Content-Security-Policy"] = DATA_POLICY if _is_data(path) else PAGES_POLICY
        if path.startswith(EMBEDDABLE):
            # Pages of other origins load the widget; there is nothing secret in it.
            added["Cross-Origin-Resource-Policy"] = "cross-origin"
            added["Access-Control-Allow-Origin"] = "*"
            added["Cache-Control"] = "no-cache"
            return added
        added["Cross-Origin-Resource-Policy"] = "same-origin"
        added["Cache-Control"] = "no-store" if _is_data(path) else "no-cache"
        if path.startswith("/api/") and self._allowed_origins:
            added["Vary"] = "Origin"
            origin = Headers(scope=scope).get("origin", "")
            if origin and self._allowed_origins & {origin, "*"}:
                added["Access-Control-Allow-Origin"] = origin
                added["Access-Control-Expose-Headers"] = "Retry-After"
                added["Cross-Origin-Resource-Policy"] = "cross-origin"
        return added

    def _is_strange(self, scope: Scope) -> bool:
        """Whether a page of an origin that nobody named asks for something of the interface."""
        if not scope["path"].startswith(("/api/", "/desk/api/")):
            return False
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or self._allowed_origins & {origin, "*"}:
            return False
        return urlsplit(origin).netloc != headers.get("host") and origin != self._public_origin

    @staticmethod
    def _is_preflight(scope: Scope) -> bool:
        return scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    """Count a request and log it by the pattern of its address: never with what stood in it."""
    route = _route(scope)
    REQUESTS.labels(scope["method"] if scope["method"] in METHODS else "other", route, str(status)).inc()
    if not route.endswith("/events"):
        REQUEST_SECONDS.labels(route).observe(seconds)
    if route not in UNREMARKABLE:
        log.info(
            "request", method=scope["method"][:10], route=route, status=status, ms=round(seconds * 1000, 1)
        )


def _is_data(path: str) -> bool:
    return path.startswith(DATA) and path != "/demo/mailbox"


def _route(scope: Scope) -> str:
    """The pattern of the address, without what stood in it."""
    return str(getattr(scope.get("route"), "path", "unknown"))
