"""What the stand-in of HubSpot finds, and in which order."""

from __future__ import annotations

import re
from typing import Any

from tests.peers.hubspot_things import Refused, Thing

Json = dict[str, Any]


def comparable(thing: Thing, name: str) -> Any:
    if name == "createdate":
        return round(thing.created.timestamp() * 1000)
    return int(thing.id) if name == "hs_object_id" else thing.properties.get(name, "")


def matches(known: frozenset[str], thing: Thing, groups: list[Json]) -> bool:
    return not groups or any(
        all(_passes(known, thing, each) for each in group["filters"]) for group in groups
    )


def _passes(known: frozenset[str], thing: Thing, wanted: Json) -> bool:
    name, operator = wanted["propertyName"], wanted["operator"]
    if name not in known:
        raise Refused(400, "VALIDATION_ERROR", f"There is no property {name}")
    if operator == "CONTAINS_TOKEN":
        tokens = re.split(r"[;\s]+", thing.properties.get(name, "").lower())
        return wanted["value"].lower() in tokens
    value = comparable(thing, name)
    other = int(wanted["value"]) if isinstance(value, int) else wanted["value"]
    if operator not in ("EQ", "GT", "GTE", "LT", "LTE"):
        raise Refused(400, "VALIDATION_ERROR", f"The stand-in does not know {operator}")
    return {
        "EQ": value == other,
        "GT": value > other,
        "GTE": value >= other,
        "LT": value < other,
        "LTE": value <= other,
    }[operator]
