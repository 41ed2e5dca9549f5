"""The methods that tell about people and conversations, and those that connect the app."""

from __future__ import annotations

from typing import Any

from bot.slack_standin.errors import ApiError
from bot.slack_standin.workspace import Place, Posted, Workspace

PAGE = 1000

Arguments = dict[str, Any]


def auth_test(workspace: Workspace, _given: Arguments) -> Arguments:
    """`auth.test`."""
    return {
        "url": "https://standin.slack.com/",
        "team": "Stand-in",
        "user": "privacy",
        "team_id": workspace.team,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot,
        "is_enterprise_install": False,
    }


def users_info(workspace: Workspace, given: Arguments) -> Arguments:
    """`users.info`; the address is there only with the scope `users:read.email`."""
    person = workspace.person(given.get("user"))
    profile = {"real_name": person.name, "display_name": person.name}
    if given["_scopes"] is None or "users:read.email" in given["_scopes"]:
        profile["email"] = person.email
    return {
        "user": {
            "id": person.id,
            "team_id": person.team,
            "name": person.name,
            "real_name": person.name,
            "deleted": person.deleted,
            "is_bot": person.is_bot,
            "tz": person.time_zone,
            "profile": profile,
        }
    }


def group_members(workspace: Workspace, given: Arguments) -> Arguments:
    """`usergroups.users.list`."""
    group = given.get("usergroup")
    if group not in workspace.groups:
        raise ApiError("no_such_subteam")
    return {"users": list(workspace.groups[group])}


def open_direct(workspace: Workspace, given: Arguments) -> Arguments:
    """`conversations.open`, for one person."""
    if given.get("channel"):
        place = workspace.place(given["channel"])
        return {"channel": {"id": place.id}}
    users = str(given.get("users") or "").split(",")
    if users == [""]:
        raise ApiError("users_list_not_supplied")
    if len(users) > 1:
        raise ApiError("invalid_arguments", "users: the stand-in opens conversations with one person only")
    person = workspace.person(users[0])
    if person.deleted:
        raise ApiError("user_disabled")
    if person.is_bot:
        raise ApiError("cannot_dm_bot")
    return {"channel": {"id": workspace.direct(person.id).id}}


def conversation_info(workspace: Workspace, given: Arguments) -> Arguments:
    """`conversations.info`."""
    return {"channel": place_as_json(workspace, workspace.place(given.get("channel")))}


def members(workspace: Workspace, given: Arguments) -> Arguments:
    """`conversations.members`."""
    return {"members": sorted(workspace.place(given.get("channel")).members)}


def replies(workspace: Workspace, given: Arguments) -> Arguments:
    """`conversations.replies`: a message and its thread, oldest first."""
    place = _readable(workspace, given)
    parent = workspace.message(place.id, given.get("ts")) if given.get("ts") else None
    if parent is None:
        raise ApiError("thread_not_found")
    root = parent.thread_ts or parent.ts
    found = [one for one in workspace.in_place(place.id) if root in (one.ts, one.thread_ts)]
    return _page(found, given)


def history(workspace: Workspace, given: Arguments) -> Arguments:
    """`conversations.history`: what stands in a conversation itself, newest first."""
    place = _readable(workspace, given)
    found = [one for one in workspace.in_place(place.id) if one.thread_ts in (None, one.ts)]
    return _page(found[::-1], given)


def place_as_json(workspace: Workspace, place: Place) -> Arguments:
    """A conversation as the Web API shows it."""
    return {
        "id": place.id,
        "name": place.name,
        "is_channel": place.kind == "channel",
        "is_group": place.kind == "group",
        "is_im": place.kind == "im",
        "is_private": place.kind != "channel",
        "is_archived": place.archived,
        "is_member": workspace.bot_user in place.members,
        "context_team_id": workspace.team,
    }


def _readable(workspace: Workspace, given: Arguments) -> Place:
    place = workspace.place(given.get("channel"))
    if workspace.bot_user not in place.members:
        raise ApiError("not_in_channel")
    return place


def _page(found: list[Posted], given: Arguments) -> Arguments:
    oldest, latest = str(given.get("oldest") or "0"), str(given.get("latest") or "9999999999")
    inclusive = _true(given.get("inclusive"))
    kept = [
        one
        for one in found
        if one.only_for is None
        and (
            float(oldest) < float(one.ts) < float(latest)
            or (inclusive and one.ts in (given.get("oldest"), given.get("latest")))
            or ("ts" in given and one.ts == given["ts"])
        )
    ]
    limit, start = min(int(given.get("limit") or 100), PAGE), int(given.get("cursor") or 0)
    rest = kept[start : start + limit]
    more = len(kept) > start + limit
    shown = [
        one.as_json()
        | ({"metadata": one.metadata} if one.metadata and _true(given.get("include_all_metadata")) else {})
        for one in rest
    ]
    cursor = {"next_cursor": str(start + limit) if more else ""}
    return {"messages": shown, "has_more": more, "response_metadata": cursor}


def _true(value: Any) -> bool:
    return value in (True, 1, "1", "true", "True")
