"""Reading what the engine understood of a turn, and telling it how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.tasks.interfaces import Given, Request
from actions.tasks.models import Task

INPUT_SLOTS = ("email", "code", "phone", "name", "value", "choice")


def turn_id(latest_message: Mapping[str, Any]) -> str | None:
    """The turn a message belongs to, from the metadata the gateway sent with it."""
    found = (latest_message.get("metadata") or {}).get("turn")
    return found if isinstance(found, str) else None


def engine_events(task: Task | None) -> list[dict[str, Any]]:
    """What the engine is told after a turn: which slot the task waits for, and nothing personal."""
    values = dict.fromkeys(INPUT_SLOTS) | {"requested_slot": None if task is None else task.awaits}
    return [
        {"event": "slot", "timestamp": None, "name": name, "value": value} for name, value in values.items()
    ]


def given(latest_message: Mapping[str, Any]) -> Given:
    """The turn's input as the dialogue wants it.

    Args:
        latest_message: Rasa's parse of the message: intent, entities and our own `understanding`.
    """
    fields = {
        entity["entity"]: str(entity["value"])
        for entity in reversed(latest_message.get("entities") or [])
        if entity.get("entity")
    }
    understood = latest_message.get("understanding") or {}
    return Given(
        intent=str((latest_message.get("intent") or {}).get("name") or "unclear"),
        choice=fields.pop("choice", None),
        fields=fields,
        requests=tuple(
            Request(found["name"], float(found.get("confidence", 1.0)), dict(found.get("slots") or {}))
            for found in understood.get("candidates") or understood.get("intents") or []
        ),
        sections=tuple(found.get("entry", found["section"]) for found in understood.get("sections") or []),
        situations=tuple(latest_message.get("situations") or ()),
        language=understood.get("language"),
    )
