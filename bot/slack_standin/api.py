"""Every method the stand-in knows, what it takes and which scopes it needs; tokens; the record of calls."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot.slack_standin import chat, directory, views
from bot.slack_standin.errors import ApiError
from bot.slack_standin.workspace import Workspace

Arguments = dict[str, Any]
BOT_TOKEN = "xoxb-standin-bot"  # noqa: S105 # of the stand-in, which takes any caller on loopback
APP_TOKEN = "xapp-1-standin-app"  # noqa: S105
SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
JSON_ARGUMENTS = ("blocks", "view", "attachments", "metadata")
TRUTHS = {"true": True, "false": False, "1": True, "0": False, "True": True, "False": False}


@dataclass(frozen=True)
class Method:
    """One method.

    Attributes:
        takes: the arguments it knows.
        scopes: all needed, or by the kind of the conversation the one needed.
    """

    run: Callable[[Workspace, Arguments], Arguments]
    takes: frozenset[str]
    scopes: str | dict[str, str] = ""


def _method(
    run: Callable[[Workspace, Arguments], Arguments], takes: str, scopes: str | dict[str, str] = ""
) -> Method:
    return Method(run, frozenset(takes.split()), scopes)


_CONTENT = "channel text blocks attachments metadata mrkdwn unfurl_links unfurl_media parse link_names"
_RANGE = "channel cursor inclusive latest limit oldest include_all_metadata"
METHODS = {
    "auth.test": _method(directory.auth_test, ""),
    "chat.postMessage": _method(chat.post_message, f"{_CONTENT} thread_ts reply_broadcast", "chat:write"),
    "chat.postEphemeral": _method(chat.post_ephemeral, f"{_CONTENT} user thread_ts", "chat:write"),
    "chat.update": _method(chat.update, f"{_CONTENT} ts", "chat:write"),
    "chat.delete": _method(chat.delete, "channel ts", "chat:write"),
    "chat.getPermalink": _method(chat.permalink, "channel message_ts"),
    "reactions.add": _method(chat.add_reaction, "channel timestamp name", "reactions:write"),
    "reactions.remove": _method(chat.remove_reaction, "channel timestamp name", "reactions:write"),
    "users.info": _method(directory.users_info, "user include_locale", "users:read"),
    "usergroups.users.list": _method(
        directory.group_members, "usergroup include_disabled team_id", "usergroups:read"
    ),
    "conversations.open": _method(
        directory.open_direct, "channel users return_im prevent_creation", "im:write"
    ),
    "conversations.info": _method(
        directory.conversation_info, "channel include_locale include_num_members", READ
    ),
    "conversations.members": _method(directory.members, "channel cursor limit", READ),
    "conversations.replies": _method(directory.replies, f"{_RANGE} ts", HISTORY),
    "conversations.history": _method(directory.history, _RANGE, HISTORY),
    "views.open": _method(views.open_, "trigger_id view"),
    "views.push": _method(views.push, "trigger_id view"),
    "views.update": _method(views.update, "view view_id external_id hash"),
    "views.publish": _method(views.publish, "user_id view hash"),
}


@dataclass(frozen=True)
class Call:
    """One call the app made.

    Attributes:
        error: Slack's name of the error, or "" when it was done.
        reasons: what was wrong in detail.
        answered: false where the answer was lost on purpose.
    """

    method: str
    arguments: Arguments
    error: str = ""
    reasons: tuple[str, ...] = ()
    answered: bool = True


@dataclass
class Api:
    """The Web API over one workspace."""

    workspace: Workspace
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    calls: list[Call] = field(default_factory=list)
    revoked: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, name: str, token: str, given: Arguments, *, answered: bool = True) -> Arguments:
        """Do what is asked, and record it; what the answer's body is."""
        recorded = copy.deepcopy(given)
        try:
            done = {"ok": True, **self._run(name, token, given)}
            self.record(Call(name, recorded, answered=answered))
            return done
        except ApiError as error:
            self.record(Call(name, recorded, error.code, error.reasons, answered))
            refused: Arguments = {"ok": False, "error": error.code}
            if error.reasons:
                refused["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in error.reasons]}
            if error.code == "missing_scope":
                refused |= {"needed": error.reasons[0], "provided": ",".join(sorted(self.scopes))}
            return refused

    def record(self, call: Call) -> None:
        """Remember a call."""
        with self._lock:
            self.calls.append(call)

    def _run(self, name: str, token: str, given: Arguments) -> Arguments:
        if name == "apps.connections.open":
            raise ApiError("not_allowed_token_type")
        if name not in METHODS:
            raise ApiError("unknown_method")
        if not token:
            raise ApiError("not_authed")
        if token != BOT_TOKEN:
            raise ApiError("not_allowed_token_type" if token == APP_TOKEN else "invalid_auth")
        if self.revoked:
            raise ApiError("token_revoked")
        method = METHODS[name]
        unknown = sorted(given.keys() - method.takes - {"team_id"})
        if unknown:
            raise ApiError("invalid_arguments", *(f"no such argument: {one}" for one in unknown))
        self._check_scope(method, given)
        return method.run(self.workspace, {**given, "_scopes": self.scopes})

    def _check_scope(self, method: Method, given: Arguments) -> None:
        needed = method.scopes
        if isinstance(needed, dict):
            needed = needed[self.workspace.place(given.get("channel")).kind]
        if needed and needed not in self.scopes:
            raise ApiError("missing_scope", needed)


def read_arguments(kind: str, body: bytes) -> Arguments:
    """The arguments of a call by the type of its body.

    Raises:
        ApiError: the body is not what its type says.
    """
    if kind.startswith("application/json"):
        try:
            found = json.loads(body or b"{}")
        except ValueError:
            raise ApiError("invalid_json") from None
        if not isinstance(found, dict):
            raise ApiError("json_not_object")
        return {name: value for name, value in found.items() if value is not None}
    if kind and not kind.startswith("application/x-www-form-urlencoded"):
        raise ApiError("invalid_post_type")
    return {name: _decoded(name, value) for name, value in parse_qsl(body.decode(), keep_blank_values=True)}


def _decoded(name: str, value: str) -> Any:
    if name in JSON_ARGUMENTS:
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError("invalid_arguments", f"{name}: is not JSON") from None
    return TRUTHS.get(value, value) if name in ("mrkdwn", "unfurl_links", "unfurl_media") else value
