"""What HubSpot says when it refuses, without its sentences, in which values may be quoted."""

from __future__ import annotations

from typing import Any

import requests


def unknown_properties(response: requests.Response) -> set[str]:
    """The properties that an error says do not exist."""
    names: set[str] = set()
    for error in _errors(response):
        if error.get("code") == "PROPERTY_DOESNT_EXIST":
            names.update((error.get("context") or {}).get("propertyName") or [])
    return names


def explained(response: requests.Response) -> str:
    """What an error says, without its sentence, in which values may be quoted."""
    try:
        body = response.json()
    except ValueError:
        return str(response.status_code)
    if not isinstance(body, dict):
        return str(response.status_code)
    parts = [str(body.get(key) or "") for key in ("category", "policyName")]
    parts += [str(error.get("code") or error.get("category") or "") for error in _errors(response)]
    parts += sorted(unknown_properties(response))
    return " ".join(dict.fromkeys(part for part in parts if part)) or str(response.status_code)


def _errors(response: requests.Response) -> list[dict[str, Any]]:
    try:
        body = response.json()
    except ValueError:
        return []
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors or [] if isinstance(error, dict)]
