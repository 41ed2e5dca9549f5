"""The demo's addresses; in any other installation they are not there."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.demo import durations
from bot.demo.service import Demo
from bot.demo.state import state
from bot.gateway import bodies
from bot.gateway.errors import Malformed
from bot.gateway.service import gateway_of

router = APIRouter(prefix="/demo", include_in_schema=False)


@router.get("/mailbox.json")
async def mailbox(request: Request) -> Response:
    """Every mail that would have been sent, oldest first."""
    return JSONResponse({"messages": await _demo(request).mails()})


@router.get("/state.json")
async def behind_the_scenes(request: Request) -> Response:
    """Contacts, cases, preferences, suppression and tasks."""
    return JSONResponse(await gateway_of(request).storage.read(state))


@router.post("/clock")
async def clock(request: Request) -> Response:
    """Move the clock on: `{"advance": "PT11M"}`."""
    given = _object(await bodies.read(request))
    try:
        by = durations.parse(given["advance"])
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(
            'Send {"advance": "PT11M"}, with a duration of weeks, days, hours and so on.'
        ) from error
    return JSONResponse({"now": await _demo(request).advance(by)})


@router.post("/reset")
async def reset(request: Request) -> Response:
    """Begin anew."""
    bodies.nothing(await bodies.read(request))
    await _demo(request).reset()
    return JSONResponse({"status": "ok"})


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("The body is not valid JSON.") from None
    if not isinstance(found, dict) or found.keys() - {"advance"}:
        raise Malformed("The body is not an object with the one key `advance`.")
    return found


def _demo(request: Request) -> Demo:
    demo: Demo = request.app.state.demo
    return demo
