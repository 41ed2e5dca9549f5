"""The OpenAPI schemas: what goes in and out, as the contract has it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from bot.gateway.bodies import FIELDS, MOST_CHARACTERS, MOST_KEY_CHARACTERS, NO_CONTROLS, VISIBLE
from bot.gateway.vocabulary import CASE_STATES, RIGHTS

MOST_SEQ = 2_147_483_647
ZONES = sorted(available_timezones())

_WORDS = {
    "type": "string",
    "minLength": 1,
    "maxLength": MOST_CHARACTERS,
    "allOf": [{"pattern": NO_CONTROLS}, {"pattern": VISIBLE}],
}
_KEY = {
    **_WORDS,
    "maxLength": MOST_KEY_CHARACTERS,
    "description": "Names the message: sent again, it is harmless.",
}
_STRING = {"type": "string"}
_SEQ = {"type": "integer", "minimum": 0, "maximum": MOST_SEQ}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _listed(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _named(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: dict[str, dict[str, Any]] = {
    "Error": _object(["error"], error=_object(["code", "message"], code=_STRING, message=_STRING)),
    "NothingIn": {"type": "object", "additionalProperties": False},
    "BeginningIn": _object(
        [], time_zone={"type": "string", "description": "Where the contact's clock is.", "enum": ZONES}
    ),
    "MessageIn": {
        "oneOf": [
            _object(["text"], text=_WORDS, key=_KEY),
            _object(["choice"], choice=_WORDS, key=_KEY),
            _object(
                ["fields"],
                fields={
                    "type": "object",
                    "properties": dict.fromkeys(FIELDS, _WORDS),
                    "minProperties": 1,
                    "additionalProperties": False,
                },
                key=_KEY,
            ),
        ]
    },
    "Accepted": _object(["seq"], seq=_SEQ),
    "Message": _object(
        ["seq", "at", "from", "text"],
        seq=_SEQ,
        at={"type": "string", "format": "date-time"},
        **{"from": {"enum": ["contact", "assistant", "agent", "system"]}},
        reply_to=_SEQ,
        text={"type": ["string", "null"]},
        choices=_listed(_object(["id", "label"], id=_STRING, label=_STRING, style=_STRING)),
        choice=_STRING,
        agent=_STRING,
        ask=_object(["field", "label"], field={"enum": list(FIELDS)}, label=_STRING),
        card=_object(
            ["title", "rows"],
            title=_STRING,
            rows=_listed(_object(["id", "label", "value"], id=_STRING, label=_STRING, value=_STRING)),
        ),
        case=_object(
            ["reference", "right", "state", "due"],
            reference=_STRING,
            right={"enum": list(RIGHTS)},
            state={"enum": list(CASE_STATES)},
            due={"type": "string", "format": "date"},
        ),
        fields=_listed({"enum": list(FIELDS)}),
        erased={"const": True},
        replaces=_SEQ,
    ),
    "Messages": _object(
        ["messages", "pending"], messages=_listed(_named("Message")), pending={"type": "boolean"}
    ),
    "Conversation": _object(
        ["id", "token", "messages", "pending"],
        id=_STRING,
        token=_STRING,
        messages=_listed(_named("Message")),
        pending={"type": "boolean"},
    ),
    "Vocabulary": {"type": "object", "additionalProperties": _listed(_STRING)},
    "Health": _object(["status"], status={"const": "ok"}),
    "Readiness": _object(
        ["ready", "parts"],
        ready={"type": "boolean"},
        parts={"type": "object", "additionalProperties": {"enum": ["ready", "starting", "down"]}},
    ),
}


def answer(description: str, schema: str) -> dict[str, Any]:
    """An answer in JSON."""
    return {"description": description, "content": {"application/json": {"schema": _named(schema)}}}


def body(schema: str, *, required: bool) -> dict[str, Any]:
    """A request body in JSON, as `openapi_extra`."""
    content = {"application/json": {"schema": _named(schema)}}
    return {"requestBody": {"required": required, "content": content}}
