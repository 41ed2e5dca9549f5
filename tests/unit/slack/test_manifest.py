"""The manifests that administrators paste are what the app needs, and say the same."""

from __future__ import annotations

import ast
import re
from typing import Any

import yaml

from actions.settings import PROJECT_ROOT

HOST = "https://HOST.EXAMPLE/slack/events"


def manifest(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "data" / name).read_text(encoding="utf-8"))
    return found


def without_urls(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: without_urls(each) for name, each in part.items() if each != HOST}
    return [without_urls(each) for each in part] if isinstance(part, list) else part


def calls(method: str) -> set[str]:
    """The first argument of every call of a method of the app, in all of `bot/slack`."""
    found = set()
    for path in (PROJECT_ROOT / "bot" / "slack").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                target, first = node.func.value, node.args[0]
                named = isinstance(target, ast.Name) and target.id == "app" and node.func.attr == method
                if named and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_both_say_the_same_but_for_the_addresses() -> None:
    socket, http = manifest("slack-manifest.yml"), manifest("slack-manifest-http.yml")
    assert socket["settings"].pop("socket_mode_enabled") is True
    assert http["settings"].pop("socket_mode_enabled") is False
    assert without_urls(http) == socket
    assert (PROJECT_ROOT / "data/slack-manifest-http.yml").read_text().count(HOST) == 3


def test_what_is_listened_to_is_asked_for() -> None:
    found = manifest("slack-manifest.yml")
    asked = {event.partition(".")[0] for event in found["settings"]["event_subscriptions"]["bot_events"]}
    assert calls("event") == asked
    assert calls("shortcut") == {each["callback_id"] for each in found["features"]["shortcuts"]}
    assert [each["command"] for each in found["features"]["slash_commands"]] == ["/privacy"]


def test_it_keeps_to_slacks_lengths() -> None:
    found = manifest("slack-manifest.yml")
    assert len(found["display_information"]["name"]) <= 35
    assert len(found["display_information"]["description"]) <= 140
    for shortcut in found["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
    for command in found["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z_-]{1,31}", command["command"])


def test_the_scopes_are_those_of_what_is_called() -> None:
    scopes = set(manifest("slack-manifest.yml")["oauth_config"]["scopes"]["bot"])
    from bot.slack_standin.api import METHODS

    needed: set[str] = set()
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for part in ("bot/slack", "actions/slack")
        for path in (PROJECT_ROOT / part).rglob("*.py")
    )
    for method, known in METHODS.items():
        if f'"{method}"' in text or f".{method.replace('.', '_')}(" in text:
            wanted = known.scopes
            needed |= set(wanted.values()) if isinstance(wanted, dict) else {wanted} if wanted else set()
    assert {"chat:write", "reactions:write", "users:read", "usergroups:read"} <= needed
    assert needed <= scopes
