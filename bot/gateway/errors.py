"""Every refusal as the contract words it: `{"error": {"code", "message"}}`."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions.conversations.interfaces import ConversationError
from actions.crm.interfaces import CrmError
from actions.helpdesk.interfaces import HelpdeskError
from actions.limits import LimitExceeded

RETRY_SECONDS = 5
OUT_OF_OUR_HANDS = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
log = structlog.get_logger(__name__)

UNAUTHORIZED = {"WWW-Authenticate": "Bearer"}
WORDS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    500: ("internal", "Something went wrong here. Please try again in a moment."),
}


class Malformed(ConversationError):
    """A request that does not have the form the contract asks for."""

    def __init__(self, message: str) -> None:
        super().__init__(422, "malformed", message)


class TooLarge(ConversationError):
    """A body above the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, "too_large", f"The body is larger than {limit // 1024} kB.")


class TooSlow(ConversationError):
    """A body that trickles in."""

    def __init__(self, seconds: int) -> None:
        super().__init__(408, "too_slow", f"The body did not arrive within {seconds} seconds; send it again.")


def refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error response."""
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def internal_error() -> JSONResponse:
    """What is said when something of ours broke, whatever it was."""
    return refusal(500, *WORDS[500])


def install(app: FastAPI) -> None:
    """Answer every error of the application in the contract's form."""

    async def conversation_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, ConversationError)  # noqa: S101 # for the type checker
        headers = UNAUTHORIZED if error.status == 401 else None
        return refusal(error.status, error.code, error.message, headers)

    async def limit_exceeded(_: Request, error: Exception) -> Response:
        assert isinstance(error, LimitExceeded)  # noqa: S101 # for the type checker
        seconds = error.retry_after_seconds
        message = f"That was a lot at once. Please try again in {seconds} seconds."
        return refusal(429, "rate_limited", message, {"Retry-After": str(seconds)})

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 # for the type checker
        code, message = WORDS.get(error.status_code, ("refused", "This request cannot be served."))
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_allowed(app, request))
        return refusal(error.status_code, code, message, headers)

    async def database_away(_: Request, error: Exception) -> Response:
        # Gone, full or busy for too long: nothing was stored, and the same request may be sent again.
        if _is_ours(error):
            return internal_error()
        log.error("database_unavailable", kind=type(error).__name__)
        message = "This cannot be stored just now. Please try again shortly."
        return refusal(503, "unavailable", message, {"Retry-After": str(RETRY_SECONDS)})

    async def anything_else(_: Request, __: Exception) -> Response:
        return internal_error()

    app.add_exception_handler(ConversationError, conversation_error)
    app.add_exception_handler(LimitExceeded, limit_exceeded)
    app.add_exception_handler(HTTPException, http_error)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(kind, database_away)
    for system in (CrmError, HelpdeskError):
        app.add_exception_handler(system, _system_away)
    app.add_exception_handler(Exception, anything_else)


async def _system_away(_: Request, error: Exception) -> Response:
    # The company's CRM or helpdesk; what it says of itself names nobody.
    log.error("system_unavailable", kind=type(error).__name__, reason=str(error))
    message = "A system that is needed for this does not answer just now. Please try again shortly."
    return refusal(503, "unavailable", message, {"Retry-After": str(RETRY_SECONDS)})


def _is_ours(error: Exception) -> bool:
    """Whether SQLite, which calls everything operational, means a mistake of ours."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is not None and code & 0xFF not in OUT_OF_OUR_HANDS


def _allowed(app: FastAPI, request: Request) -> list[str]:
    """Every method of an address: two routes may share it."""
    found: set[str] = set()
    for route in app.routes:
        pattern: re.Pattern[str] | None = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(request.url.path):
            found |= getattr(route, "methods", None) or set()
    return sorted(found)


def documented(good: dict[int, dict[str, Any]], *statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of an address's answers.

    Args:
        good: those that are no errors.
        statuses: the errors it may answer with, beside 500.
    """
    said = {
        401: "The conversation's token is missing or wrong.",
        404: "There is no such conversation.",
        409: "The key was used for another message, or the choice or field is not on offer any more.",
        408: "The body did not arrive in time.",
        413: "The body is larger than 32 kB.",
        422: "The request is malformed.",
        429: "Too many requests; `Retry-After` says in how many seconds to try again.",
        500: "Something of ours broke.",
        503: "Nothing can be stored now; `Retry-After` says in how many seconds to send the same again.",
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    answers: dict[int | str, dict[str, Any]] = dict(good.items())
    for status in {*statuses, 500, 503} - answers.keys():
        answers[status] = {"description": said[status], "content": content}
        if status in (429, 503):
            seconds = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
            answers[status]["headers"] = {"Retry-After": {**seconds, "required": True}}
    return answers
