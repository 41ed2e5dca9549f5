"""The conversation interface of the contract."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions import limits
from actions.conversations import intake, log
from actions.conversations.interfaces import ConversationError, TurnInput
from actions.conversations.models import Conversation
from actions.conversations.services import Opened, authenticate, open_conversation
from actions.handover import transcript as transcripts
from actions.identity import services as identity
from actions.mail import services as mail
from bot.gateway import bodies
from bot.gateway.description import MOST_SEQ, answer, body
from bot.gateway.errors import Malformed, documented
from bot.gateway.network import peer_of
from bot.gateway.service import Gateway, gateway_of
from bot.gateway.streams import EventStream
from bot.gateway.vocabulary import vocabulary

MOST_MESSAGES = 5_000
TRANSCRIPTS = "5/hour"
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
NUMBER = re.compile(r"[0-9]{1,10}\Z")
BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/-]+=*) *\Z", re.IGNORECASE)

_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The conversation.",
    "schema": {"type": "string", "pattern": r"^[A-Za-z0-9_-]{1,64}$"},
}
_SEQ = {"type": "integer", "minimum": 0, "maximum": MOST_SEQ}
_AFTER = {
    "name": "after",
    "in": "query",
    "required": False,
    "description": "The last seq the reader has; messages after it are returned.",
    "schema": {**_SEQ, "default": 0},
}
_LAST_EVENT_ID = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "description": "The last id the reader has; the stream goes on after it.",
    "schema": _SEQ,
}
_TOKEN: dict[str, Any] = {"security": [{"token": []}]}

router = APIRouter(prefix="/api")


@router.post(
    "/conversations",
    status_code=201,
    operation_id="open_conversation",
    summary="Begin a conversation",
    response_class=JSONResponse,
    responses=documented(
        {201: answer("The conversation; its token is shown only here.", "Conversation")}, 408, 413, 422, 429
    ),
    openapi_extra=body("BeginningIn", required=False),
)
async def open_(request: Request) -> Response:
    """Begin a conversation with the assistant's greeting."""
    gateway = gateway_of(request)
    time_zone = bodies.beginning(await bodies.read(request))
    peer = peer_of(request, gateway.settings.trusted_proxies)
    opened = await gateway.storage.write(_open, gateway, peer, time_zone)
    content = {"id": opened.id, "token": opened.token, "messages": opened.messages, "pending": False}
    return JSONResponse(content, 201)


@router.post(
    "/conversations/{id}/messages",
    status_code=202,
    operation_id="send_message",
    summary="Say something",
    response_class=JSONResponse,
    responses=documented(
        {202: answer("Taken down; the answer follows in the log.", "Accepted")},
        401,
        404,
        408,
        409,
        413,
        422,
        429,
    ),
    openapi_extra=body("MessageIn", required=True) | {"parameters": [_ID]} | _TOKEN,
)
async def send(request: Request) -> Response:
    """Store a message of the contact and have it answered."""
    gateway = gateway_of(request)
    token = _token(request)
    content = await bodies.read(request)
    identifier = request.path_params["id"]
    await gateway.pseudonymiser_is_loaded()
    given, key, foreseen = await gateway.storage.read(_read, identifier, token, content)
    seq = await gateway.accept(identifier, given, key, foreseen)
    return JSONResponse({"seq": seq}, 202)


@router.get(
    "/conversations/{id}/messages",
    operation_id="read_messages",
    summary="Read the log",
    response_class=JSONResponse,
    responses=documented(
        {200: answer("The messages after `after`, oldest first.", "Messages")}, 401, 404, 422
    ),
    openapi_extra={"parameters": [_ID, _AFTER]} | _TOKEN,
)
async def messages(request: Request) -> Response:
    """The messages of a conversation, and whether an answer is being worked on."""
    token = _token(request)
    storage = gateway_of(request).storage
    after = request.query_params.get("after", "0")
    return JSONResponse(await storage.read(_messages, request.path_params["id"], token, after))


@router.get(
    "/conversations/{id}/events",
    operation_id="follow",
    summary="Follow the log",
    response_class=Response,
    responses=documented(
        {
            200: {
                "description": "Events `message`, each a Message, and `pending`; the id is the seq.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        },
        401,
        404,
        422,
    ),
    openapi_extra={"parameters": [_ID, _LAST_EVENT_ID]} | _TOKEN,
)
async def events(request: Request) -> Response:
    """The messages of a conversation as they come, until somebody leaves."""
    gateway = gateway_of(request)
    identifier = request.path_params["id"]
    await gateway.storage.read(_authenticated, identifier, _token(request))
    last = _number("Last-Event-ID", request.headers.get("last-event-id", "0"))
    gateway.streams.make_room(identifier, gateway.settings.limit_streams)
    return EventStream(gateway.streams, identifier, last)


@router.post(
    "/conversations/{id}/transcript",
    status_code=202,
    operation_id="mail_transcript",
    summary="Have the conversation mailed to the address that was proven in it",
    response_class=JSONResponse,
    responses=documented({202: answer("It is on its way.", "Health")}, 401, 404, 408, 409, 413, 422, 429),
    openapi_extra=body("NothingIn", required=False) | {"parameters": [_ID]} | _TOKEN,
)
async def transcript(request: Request) -> Response:
    """Mail the conversation to the address that was proven in it, and to no other."""
    gateway = gateway_of(request)
    token = _token(request)
    bodies.nothing(await bodies.read(request))
    await gateway.storage.write(_mail_transcript, request.path_params["id"], token)
    return JSONResponse({"status": "ok"}, 202)


@router.get(
    "/vocabulary",
    operation_id="read_vocabulary",
    summary="Every word of this interface",
    response_class=JSONResponse,
    responses=documented({200: answer("Lists of words, by what they stand for.", "Vocabulary")}),
)
async def words() -> Response:
    """Every intent, right, case state, contact state, choice id, field, topic and channel."""
    return JSONResponse(vocabulary())


def _open(session: Session, gateway: Gateway, peer: str, time_zone: str | None) -> Opened:
    limits.hit(session, "conversations", gateway.settings.limit("conversations"), peer)
    return open_conversation(session, gateway.dialogue.greeting(), network=peer, time_zone=time_zone)


def _mail_transcript(session: Session, identifier: str, token: str) -> None:
    conversation = _authenticated(session, identifier, token)
    address = identity.proven_address(session, conversation)
    if address is None:
        raise ConversationError(
            409, "identity_needed", "To have the chat mailed, first prove an address here, or download it."
        )
    limits.hit(session, "transcripts", TRANSCRIPTS, identifier)
    story = transcripts.as_text(session, identifier)
    key = f"transcript:{identifier}:{conversation.last_seq}"
    mail.post(session, "chat_transcript", address, key=key, transcript=story)


def _read(
    session: Session, identifier: str, token: str, content: Any
) -> tuple[TurnInput, str | None, intake.Foreseen]:
    """What is said, with the personal data in it: all that can be done before the conversation is locked."""
    conversation = _authenticated(session, identifier, token)
    given, key = bodies.message(content)
    return given, key, intake.foresee(session, conversation, given)


def _authenticated(session: Session, identifier: str, token: str) -> Conversation:
    if not IDENTIFIER.match(identifier):
        raise ConversationError(404, "unknown_conversation", "There is no conversation with this id.")
    return authenticate(session, identifier, token)


def _messages(session: Session, identifier: str, token: str, after: str) -> dict[str, Any]:
    # The conversation first: read the other way round, an answer could come between and never be looked for.
    conversation = _authenticated(session, identifier, token)
    found = log.after(session, conversation.id, _number("after", after), MOST_MESSAGES)
    return {"messages": [log.render(message) for message in found], "pending": conversation.open_turns > 0}


def _token(request: Request) -> str:
    found = BEARER.match(request.headers.get("authorization", ""))
    if found is None:
        raise ConversationError(
            401, "unauthorized", "Send the conversation's token as 'Authorization: Bearer …'."
        )
    return found[1]


def _number(name: str, text: str) -> int:
    if not NUMBER.match(text) or int(text) > MOST_SEQ:
        raise Malformed(f"The value of {name} is not a whole number from 0 to {MOST_SEQ}.")
    return int(text)
