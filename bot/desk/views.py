"""The desk's page and the requests it makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions import limits
from actions.conversations.interfaces import ConversationError
from actions.handover import desk_agents
from actions.handover.interfaces import AgentIdentity, HandoverRefused
from bot.desk.interfaces import Desk
from bot.desk.services import DatabaseDesk, conversation_of
from bot.gateway import bodies
from bot.gateway.errors import Malformed
from bot.gateway.network import peer_of
from bot.gateway.service import Gateway, gateway_of

MOST_KEY = 200
DEMO_AGENTS = {"dana": "approver", "sam": "agent", "olive": "observer"}
SIGN_INS = "20/minute"

router = APIRouter(prefix="/desk/api", include_in_schema=False)
Answer = TypeVar("Answer")


@router.post("/session")
async def sign_in(request: Request) -> Response:
    """Who holds a token; in the demo, a token for one of its agents."""
    gateway = gateway_of(request)
    given = _given(await bodies.read(request), "token", "agent")
    peer = peer_of(request, gateway.settings.trusted_proxies)
    token = given.get("token", "")
    if gateway.settings.demo and "agent" in given:
        token = await gateway.storage.write(_demo_token, given["agent"])
    else:
        await gateway.storage.write(limits.hit, "desk_sign_ins", SIGN_INS, peer)
    agent = await gateway.storage.read(desk_agents.by_token, token) if token else None
    if agent is None:
        raise _unauthorised()
    return JSONResponse({"token": token, "agent": {"name": agent.name, "role": agent.role}}, 201)


@router.get("/queue")
async def queue(request: Request) -> Response:
    """Who waits and who is served."""
    return JSONResponse(await _do(request, lambda desk, agent: desk.queue(agent)))


@router.get("/handovers/{id}")
async def conversation(request: Request) -> Response:
    """One conversation."""
    identifier, after = _number(request.path_params["id"]), _number(request.query_params.get("after", "0"))
    return JSONResponse(await _do(request, lambda desk, agent: desk.conversation(agent, identifier, after)))


@router.post("/duty")
async def duty(request: Request) -> Response:
    """Be there, or not."""
    on = _object(await bodies.read(request)).get("on")
    if not isinstance(on, bool):
        raise Malformed('Send {"on": true} or {"on": false}.')
    await _do(request, lambda desk, agent: desk.duty(agent, on))
    return JSONResponse({"on": on})


@router.post("/handovers/{id}/take")
async def take(request: Request) -> Response:
    """Take, or take over with {"over": true}."""
    over = _object(await bodies.read(request)).get("over", False) is True
    return await _act(request, lambda desk, agent, which: desk.take(agent, which, over=over))


@router.post("/handovers/{id}/reply")
async def reply(request: Request) -> Response:
    """Say something."""
    given = _given(await bodies.read(request), "text", "key")
    text, key = given.get("text", ""), given.get("key", "")
    if not 0 < len(key) <= MOST_KEY:
        raise Malformed(f"Send a key of 1 to {MOST_KEY} characters, so that nothing is said twice.")
    bodies.text("text", text)
    return await _act(request, lambda desk, agent, which: desk.reply(agent, which, text, key=key))


@router.post("/handovers/{id}/hand-back")
async def hand_back(request: Request) -> Response:
    """Let the assistant go on."""
    return await _act(request, lambda desk, agent, which: desk.hand_back(agent, which))


@router.post("/handovers/{id}/close")
async def close(request: Request) -> Response:
    """End the talk."""
    return await _act(request, lambda desk, agent, which: desk.close(agent, which))


@router.post("/handovers/{id}/reveal")
async def reveal(request: Request) -> Response:
    """Uncover one value."""
    identifier = _number(request.path_params["id"])
    placeholder = _given(await bodies.read(request), "placeholder").get("placeholder", "")
    value = await _do(request, lambda desk, agent: desk.reveal(agent, identifier, placeholder))
    return JSONResponse({"placeholder": placeholder, "value": value})


async def _act(request: Request, work: Callable[[Desk, AgentIdentity, int], None]) -> Response:
    identifier = _number(request.path_params["id"])
    await _do(request, lambda desk, agent: work(desk, agent, identifier))
    gateway = gateway_of(request)
    changed = await gateway.storage.read(conversation_of, identifier)
    if changed is not None:
        gateway.streams.nudge(changed)
    return JSONResponse({"status": "ok"})


async def _do(request: Request, work: Callable[[Desk, AgentIdentity], Answer]) -> Answer:
    gateway = gateway_of(request)
    agent = await _agent(request, gateway)
    desk: Desk = DatabaseDesk(gateway.storage.database)
    try:
        return await anyio.to_thread.run_sync(work, desk, agent)
    except HandoverRefused as refusal:
        raise ConversationError(409, "refused", str(refusal)) from refusal


async def _agent(request: Request, gateway: Gateway) -> AgentIdentity:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    agent = None
    if scheme.lower() == "bearer" and token.strip():
        agent = await gateway.storage.read(desk_agents.by_token, token.strip())
    if agent is None:
        raise _unauthorised()
    return agent


def _demo_token(session: Any, name: str) -> str:
    role = DEMO_AGENTS.get(name)
    return "" if role is None else desk_agents.invite(session, name, role, by="demo")


def _unauthorised() -> ConversationError:
    return ConversationError(
        401, "unauthorized", "Sign in with your desk token: './rightline desk invite NAME' makes one."
    )


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise Malformed("The body is not a JSON object.")
    return found


def _given(body: bytes, *names: str) -> dict[str, str]:
    found = _object(body)
    if found.keys() - set(names) or not all(isinstance(value, str) for value in found.values()):
        raise Malformed(f"The body takes these strings: {', '.join(names)}.")
    return found


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise ConversationError(404, "not_found", "There is no such conversation.")
    return int(text)
