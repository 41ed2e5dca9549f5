"""`/chat`: read, write, and begin anew, one page each time."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jinja2
from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from actions import limits
from actions.conversations import intake, log
from actions.conversations.interfaces import ConversationError, TurnInput
from actions.conversations.services import authenticate, open_conversation
from actions.limits import LimitExceeded
from actions.wording import organisation
from bot.gateway import bodies
from bot.gateway.errors import Malformed
from bot.gateway.network import peer_of
from bot.gateway.service import Gateway, gateway_of

COOKIE = "rightline_chat"
ADDRESS = "/chat"
MOST_SHOWN = 300
LOOK_AGAIN_SECONDS = 3
INPUT = {
    "email": {"type": "email", "autocomplete": "email"},
    "code": {"type": "text", "autocomplete": "one-time-code", "inputmode": "numeric"},
    "phone": {"type": "tel", "autocomplete": "tel"},
    "name": {"type": "text", "autocomplete": "name"},
    "value": {"type": "text", "autocomplete": "off"},
}

router = APIRouter(include_in_schema=False)


@router.get(ADDRESS)
async def read(request: Request) -> Response:
    """The conversation as it stands; begun when there is none."""
    gateway = gateway_of(request)
    held = _held(request)
    shown = await gateway.storage.read(_shown, *held) if held else None
    if shown is not None:
        return _page(shown)
    opened = await gateway.storage.write(_begin, gateway, peer_of(request, gateway.settings.trusted_proxies))
    response = _page({"messages": opened.messages, "pending": False})
    response.set_cookie(
        COOKIE,
        f"{opened.id}.{opened.token}",
        path=ADDRESS,
        httponly=True,
        samesite="strict",
        secure=gateway.settings.public_url.startswith("https:"),
    )
    return response


@router.post(ADDRESS)
async def write(request: Request) -> Response:
    """Take what was written or pressed, and show the page again."""
    gateway = gateway_of(request)
    _same_site(request)
    held = _held(request)
    if held is None:
        return RedirectResponse(ADDRESS, 303)
    form = parse_qs((await bodies.read(request)).decode("utf-8", "replace"), keep_blank_values=True)
    problem = await _take(gateway, held, {name: values[0] for name, values in form.items()})
    if problem is None:
        return RedirectResponse(ADDRESS, 303)
    shown = await gateway.storage.read(_shown, *held)
    return RedirectResponse(ADDRESS, 303) if shown is None else _page(shown, problem)


@router.post(f"{ADDRESS}/end")
async def end(request: Request) -> Response:
    """Forget the conversation in this browser."""
    _same_site(request)
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, path=ADDRESS)
    return response


async def _take(gateway: Gateway, held: tuple[str, str], form: dict[str, str]) -> str | None:
    """Store one message; returns what was wrong with it, in a sentence."""
    try:
        given = _given(form)
        await gateway.pseudonymiser_is_loaded()
        foreseen = await gateway.storage.read(_foresee, held, given)
        await gateway.accept(held[0], given, form.get("key") or None, foreseen)
    except LimitExceeded as error:
        return f"That was a lot at once. Please try again in {error.retry_after_seconds} seconds."
    except ConversationError as error:
        return error.message
    return None


def _foresee(session: Session, held: tuple[str, str], given: TurnInput) -> intake.Foreseen:
    return intake.foresee(session, authenticate(session, *held), given)


def _given(form: dict[str, str]) -> TurnInput:
    if form.get("choice"):
        return TurnInput(choice=bodies.text("choice", form["choice"]))
    if form.get("field") in INPUT and form.get("given", "").strip():
        return TurnInput(fields={form["field"]: bodies.text("given", form["given"])})
    if not form.get("text", "").strip():
        raise Malformed("Please write something first.")
    return TurnInput(text=bodies.text("text", form["text"]))


def _held(request: Request) -> tuple[str, str] | None:
    identifier, _, token = request.cookies.get(COOKIE, "").partition(".")
    return (identifier, token) if identifier and token else None


def _same_site(request: Request) -> None:
    """Only our own page sends here, whatever a browser makes of the cookie.

    Raises:
        ConversationError: another site does.
    """
    # Current browsers say it outright; under our referrer policy they send no useful origin with a form.
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin = request.headers.get("origin", "")
        own = not origin or urlsplit(origin).netloc == request.headers.get("host", "")
    else:
        own = site in ("same-origin", "none")
    if not own:
        raise ConversationError(403, "other_site", "This form can only be sent from its own page.")


def _begin(session: Session, gateway: Gateway, peer: str) -> Any:
    limits.hit(session, "conversations", gateway.settings.limit("conversations"), peer)
    return open_conversation(session, gateway.dialogue.greeting(), network=peer)


def _shown(session: Session, identifier: str, token: str) -> dict[str, Any] | None:
    try:
        conversation = authenticate(session, identifier, token)
    except ConversationError:
        return None
    after = max(0, conversation.last_seq - MOST_SHOWN)
    messages = [log.render(message) for message in log.after(session, identifier, after)]
    return {"messages": messages, "pending": conversation.open_turns > 0}


def _page(shown: dict[str, Any], problem: str = "") -> HTMLResponse:
    messages = shown["messages"]
    answered = max((message["seq"] for message in messages if message["from"] == "contact"), default=0)
    offers = [message for message in messages if message["seq"] > answered]
    asks = [message["ask"] for message in offers if "ask" in message]
    html = _template().render(
        messages=messages,
        answered=answered,
        ask=asks[-1] if asks else None,
        inputs=INPUT,
        pending=shown["pending"],
        seconds=LOOK_AGAIN_SECONDS,
        problem=problem,
        key=secrets.token_urlsafe(12),
        organisation=organisation(),
    )
    return HTMLResponse(html, 422 if problem else 200, headers={"Cache-Control": "no-store"})


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    folder = Path(__file__).resolve().parents[1] / "web" / "templates"
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)
    return environment.get_template("chat.html")
