"""What Slack tells an app about what people do, in the shapes of its documentation."""

from __future__ import annotations

import re
from typing import Any

from bot.slack_standin.workspace import Person, Place, Posted, View, Workspace

Payload = dict[str, Any]
VERIFICATION = "standin-verification"
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
RESPONSES_BY_URL = 5
ADDRESS = re.compile(r"https?://\S+")


def typed(text: str) -> str:
    """What somebody types, as Slack passes it on: characters escaped, addresses made links."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    linked = EMAIL.sub(lambda found: f"<mailto:{found[0]}|{found[0]}>", escaped)
    return ADDRESS.sub(lambda found: f"<{found[0]}>", linked)


def event(workspace: Workspace, content: Payload, *, team: str = "") -> Payload:
    """An event in its wrapping."""
    return {
        "token": VERIFICATION,
        "team_id": team or workspace.team,
        "context_team_id": workspace.team,
        "api_app_id": workspace.app,
        "event": content,
        "type": "event_callback",
        "event_id": f"Ev{workspace.number():08d}",
        "event_time": int(float(content["event_ts"])),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{workspace.number()}",
    }


def message_event(message: Posted, place: Place, person: Person) -> Payload:
    """Somebody wrote something."""
    return {
        **message.as_json(),
        "client_msg_id": f"00000000-0000-0000-0000-{message.ts.replace('.', '')[-12:]}",
        "team": person.team,
        "channel": place.id,
        "channel_type": place.kind,
        "event_ts": message.ts,
    }


def mention_event(message: Posted, place: Place, person: Person) -> Payload:
    """Somebody spoke to the app in a channel."""
    content = message_event(message, place, person)
    del content["channel_type"]
    return {**content, "type": "app_mention"}


def changed_event(workspace: Workspace, before: Payload, message: Posted, place: Place) -> Payload:
    """Somebody edited what they wrote."""
    at = workspace.next_ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": place.id,
        "channel_type": place.kind,
        "ts": at,
        "event_ts": at,
        "message": message.as_json(),
        "previous_message": before,
    }


def deleted_event(workspace: Workspace, message: Posted, place: Place) -> Payload:
    """Somebody deleted what they wrote."""
    at = workspace.next_ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": place.id,
        "channel_type": place.kind,
        "ts": at,
        "event_ts": at,
        "deleted_ts": message.ts,
        "previous_message": message.as_json(),
    }


def entombed_event(workspace: Workspace, message: Posted, place: Place) -> Payload:
    """Somebody deleted what others had replied to: its place is kept, with words of Slack's in it."""
    before = message.as_json()
    text = "This message was deleted."
    tomb = Posted(message.channel, message.ts, "USLACKBOT", text, thread_ts=message.ts)
    changed = changed_event(workspace, before, tomb, place)
    return {**changed, "message": {**tomb.as_json(), "subtype": "tombstone", "hidden": True}}


def home_event(workspace: Workspace, person: Person, tab: str) -> Payload:
    """Somebody opened the app's Home or its messages."""
    content: Payload = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": workspace.direct(person.id).id,
        "tab": tab,
        "event_ts": workspace.next_ts(),
    }
    if tab == "home" and person.id in workspace.homes:
        content["view"] = workspace.homes[person.id].as_json(workspace.team, workspace.app)
    return content


def interaction(workspace: Workspace, person: Person, kind: str) -> Payload:
    """What every interaction begins with; the trigger counts from now."""
    return {
        "type": kind,
        "token": VERIFICATION,
        "api_app_id": workspace.app,
        "team": {"id": person.team or workspace.team, "domain": "standin"},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team or workspace.team,
        },
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": workspace.trigger(person.id),
    }


def in_message(workspace: Workspace, message: Posted, person: Person, base: str) -> Payload:
    """Where an interaction happened: in a message."""
    place = workspace.places[message.channel]
    container: Payload = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": place.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    found: Payload = {
        "container": container,
        "channel": {"id": place.id, "name": place.name or "directmessage"},
        "response_url": response_url(workspace, message, place.id, person.id, base),
        "state": {"values": {}},
    }
    if message.only_for is None:
        found["message"] = message.as_json()
    return found


def in_view(workspace: Workspace, view: View, values: Payload) -> Payload:
    """Where an interaction happened: in a modal or in Home."""
    shown = view.as_json(workspace.team, workspace.app)
    shown["state"] = {"values": values}
    return {"container": {"type": "view", "view_id": view.id}, "view": shown}


def command(workspace: Workspace, person: Person, place: Place, name: str, text: str, base: str) -> Payload:
    """Somebody typed a slash command; addresses and people in it are not made links."""
    return {
        "token": VERIFICATION,
        "team_id": person.team or workspace.team,
        "team_domain": "standin",
        "channel_id": place.id,
        "channel_name": place.name or "directmessage",
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app,
        "is_enterprise_install": "false",
        "response_url": response_url(workspace, None, place.id, person.id, base),
        "trigger_id": workspace.trigger(person.id),
    }


def response_url(workspace: Workspace, message: Posted | None, channel: str, user: str, base: str) -> str:
    """An address by which the app may answer five times."""
    key = f"r{workspace.number()}"
    with workspace.lock:
        workspace.response_urls[key] = (message, channel, user, RESPONSES_BY_URL)
    return f"{base}/response/{key}"
