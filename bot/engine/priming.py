"""The events that put a fresh engine session where an unfinished request is."""

from __future__ import annotations

from typing import Any

FORM = "request_form"


def priming_events(requested_slot: str) -> list[dict[str, Any]]:
    """A session in which the form has just asked for a slot and listens.

    Args:
        requested_slot: the slot the next message should fill.
    """
    return [
        {"event": "action", "name": FORM},
        {"event": "active_loop", "name": FORM},
        {"event": "slot", "name": "requested_slot", "value": requested_slot},
        {"event": "action", "name": "action_listen"},
    ]
