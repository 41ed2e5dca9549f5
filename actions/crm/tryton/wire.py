"""Values as Tryton's JSON-RPC writes them: dates, instants, numbers and bytes are objects with a class."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def dumps(value: Any) -> bytes:
    """A request's body.

    Raises:
        TypeError: a value has no form in this protocol.
    """
    return json.dumps(value, default=_encoded, separators=(",", ":")).encode()


def loads(body: bytes) -> Any:
    """An answer's body.

    Raises:
        ValueError: it is no JSON, or holds an object that is not whole.
    """
    try:
        return json.loads(body, object_hook=_decoded)
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise ValueError("this is no whole answer of a Tryton's") from error


def _encoded(value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        at = value.astimezone(UTC)
        clock = {"hour": at.hour, "minute": at.minute, "second": at.second, "microsecond": at.microsecond}
        return {"__class__": "datetime", **_day(at), **clock}
    if isinstance(value, date):
        return {"__class__": "date", **_day(value)}
    if isinstance(value, bytes):
        return {"__class__": "bytes", "base64": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be sent to Tryton")


def _day(value: date) -> dict[str, int]:
    return {"year": value.year, "month": value.month, "day": value.day}


def _decoded(found: dict[str, Any]) -> Any:
    match found.get("__class__"):
        case "datetime":
            year, month, day, *clock = _numbers(
                found, "year", "month", "day", "hour", "minute", "second", "microsecond"
            )
            hour, minute, second, microsecond = clock
            return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC)
        case "date":
            return date(*_numbers(found, "year", "month", "day"))
        case "bytes":
            return base64.b64decode(found["base64"])
        case "Decimal":
            return Decimal(found["decimal"])
    return found


def _numbers(found: Mapping[str, Any], *names: str) -> list[int]:
    return [int(found[name]) for name in names]
