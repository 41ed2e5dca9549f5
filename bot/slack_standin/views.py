"""The methods of `views.*`."""

from __future__ import annotations

from typing import Any

from bot.slack_standin.blocks import check_view
from bot.slack_standin.errors import ApiError
from bot.slack_standin.workspace import View, Workspace

MOST_VIEWS = 3

Arguments = dict[str, Any]


def open_(workspace: Workspace, given: Arguments) -> Arguments:
    """`views.open`."""
    user = workspace.exchange(given.get("trigger_id"))
    view = _checked(workspace, given.get("view"), "modal")
    with workspace.lock:
        opened = _new(workspace, user, view)
        workspace.modals[user] = [opened]
    return _answer(workspace, opened)


def push(workspace: Workspace, given: Arguments) -> Arguments:
    """`views.push`."""
    user = workspace.exchange(given.get("trigger_id"))
    view = _checked(workspace, given.get("view"), "modal")
    return _answer(workspace, put_on_top(workspace, user, view))


def put_on_top(workspace: Workspace, user: str, view: dict[str, Any]) -> View:
    """One more modal over somebody's, three at most."""
    with workspace.lock:
        stack = workspace.modals.get(user) or []
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= MOST_VIEWS:
            raise ApiError("push_limit_reached")
        opened = _new(workspace, user, view, under=stack[-1])
        stack.append(opened)
        return opened


def update(workspace: Workspace, given: Arguments) -> Arguments:
    """`views.update`."""
    view = _checked(workspace, given.get("view"), "modal", but=given.get("view_id"))
    with workspace.lock:
        for stack in workspace.modals.values():
            for held in stack:
                by_external = given.get("external_id") and held.content.get("external_id") == given.get(
                    "external_id"
                )
                if held.id == given.get("view_id") or by_external:
                    replace(workspace, held, view, given.get("hash"))
                    return _answer(workspace, held)
    raise ApiError("not_found")


def publish(workspace: Workspace, given: Arguments) -> Arguments:
    """`views.publish`."""
    user = workspace.person(given.get("user_id")).id
    view = _checked(workspace, given.get("view"), "home")
    with workspace.lock:
        home = workspace.homes.get(user)
        if home is None:
            home = workspace.homes[user] = _new(workspace, user, view)
        else:
            replace(workspace, home, view, given.get("hash"))
    return _answer(workspace, home)


def replace(workspace: Workspace, held: View, content: dict[str, Any], expected: Any = None) -> None:
    """Other content for a view.

    Raises:
        ApiError: `hash_conflict` when it has changed since the hash given was its own.
    """
    if expected is not None and expected != held.hash:
        raise ApiError("hash_conflict")
    held.content, held.hash = content, f"{workspace.number()}.hash"


def _new(workspace: Workspace, user: str, view: dict[str, Any], under: View | None = None) -> View:
    identifier = f"V{workspace.number():08d}"
    root, previous = (under.root_id, under.id) if under else (identifier, None)
    return View(identifier, user, view, f"{workspace.number()}.hash", root, previous)


def _checked(workspace: Workspace, view: Any, kind: str, but: Any = None) -> dict[str, Any]:
    check_view(view)
    if view["type"] != kind:
        raise ApiError("invalid_arguments", f"view/type: must be {kind} here")
    external = view.get("external_id")
    if external:
        for stack in workspace.modals.values():
            if any(one.content.get("external_id") == external and one.id != but for one in stack):
                raise ApiError("duplicate_external_id")
    found: dict[str, Any] = view
    return found


def _answer(workspace: Workspace, view: View) -> Arguments:
    return {"view": view.as_json(workspace.team, workspace.app)}
