"""One call of Slack's Web API, and what its answer means for the queue.

`chat.postMessage` has no idempotency key. So every message we post carries a mark in its metadata, and one
whose first attempt ended without an answer is looked for in its channel before it is posted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from actions.slack.models import SlackCall
from actions.slack.outbox import AS_ADMIN, marker
from bot.slack.quiet import quiet_logger
from bot.slack.web_client import TIMEOUT_SECONDS

EVENT_TYPE = "rightline"
POSTING = "chat.postMessage"
LOOK_BACK = timedelta(minutes=5)
PAGE = 100
MOST_PAGES = 30

HAD_ITS_EFFECT = frozenset(
    {
        ("reactions.add", "already_reacted"),
        ("reactions.remove", "no_reaction"),
        ("reactions.add", "message_not_found"),
        ("reactions.remove", "message_not_found"),
        ("chat.delete", "message_not_found"),
        ("views.publish", "hash_conflict"),
    }
)
"""Errors that say that there is nothing left to do."""
MAY_HAVE_HAPPENED = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Errors after which, Slack says, part of the call may have been done."""
FOR_THE_OPERATOR = frozenset(
    {
        "access_denied",
        "account_inactive",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "restricted_action",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Errors that somebody can put right without us: the call waits for that."""


@dataclass(frozen=True)
class Answer:
    """What came of a call.

    Attributes:
        kind: done; limited (429); again (Slack was away); operator (an error that they can mend); refused.
        error: Slack's code, or the kind of failure.
        doubtful: it may have had its effect although we got no answer.
        retry_after: how long Slack asks us to wait.
    """

    kind: Literal["done", "limited", "again", "operator", "refused"]
    error: str = ""
    doubtful: bool = False
    retry_after: timedelta = timedelta(0)
    channel: str | None = None
    ts: str | None = None


class Slack:
    """The Web API as the queue needs it: one attempt a call, and every outcome an `Answer`."""

    def __init__(self, client: WebClient, admin_token: str = "") -> None:
        self._client = self._like(client, client.token or "")
        self._admin = self._like(client, admin_token) if admin_token else self._client

    @staticmethod
    def _like(client: WebClient, token: str) -> WebClient:
        return WebClient(
            token=token,
            base_url=client.base_url,
            timeout=TIMEOUT_SECONDS,
            ssl=client.ssl,
            proxy=client.proxy,
            retry_handlers=[],
            logger=quiet_logger(),
            user_agent_prefix="rightline",
        )

    def make(self, call: SlackCall, arguments: Mapping[str, Any]) -> Answer:
        """Make a call, unless it turns out to have been made."""
        try:
            if call.method == POSTING:
                if call.doubtful and (found := self._posted(call, arguments)):
                    return Answer("done", channel=found[0], ts=found[1])
                arguments = {**arguments, "metadata": _marked(call.key, arguments.get("metadata"))}
            client = self._admin if arguments.get(AS_ADMIN) else self._client
            given = {name: value for name, value in arguments.items() if name != AS_ADMIN}
            response = client.api_call(call.method, json=given)
        except SlackApiError as error:
            return _refusal(call.method, error)
        except (URLError, OSError, SlackClientError, ValueError) as error:
            return Answer("again", type(error).__name__, doubtful=not _never_sent(error))
        except Exception as error:  # http.client has exceptions of its own for answers that break off
            return Answer("again", type(error).__name__, doubtful=True)
        found_channel = response.get("channel")
        if isinstance(found_channel, dict):
            found_channel = found_channel.get("id")
        return Answer("done", channel=found_channel, ts=response.get("ts") or response.get("message_ts"))

    def _posted(self, call: SlackCall, arguments: Mapping[str, Any]) -> tuple[str, str] | None:
        """Where an earlier attempt put the message, if it did."""
        channel = self._channel(str(arguments["channel"]))
        wanted = marker(call.key)
        for message in self._messages(call, channel, arguments.get("thread_ts")):
            metadata = message.get("metadata") or {}
            if (metadata.get("event_payload") or {}).get("call") == wanted:
                return channel, str(message["ts"])
        return None

    def _channel(self, channel: str) -> str:
        """A channel's id; for a user's id that of the direct messages with them."""
        if not channel.startswith(("U", "W")):
            return channel
        opened = self._client.api_call("conversations.open", json={"users": channel})
        return str(opened["channel"]["id"])

    def _messages(self, call: SlackCall, channel: str, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        method = "conversations.replies" if thread_ts else "conversations.history"
        parameters: dict[str, Any] = {
            "channel": channel,
            "include_all_metadata": True,
            "inclusive": True,
            "limit": PAGE,
        }
        if call.first_tried_at is not None:
            # Slack's clock may differ from ours.
            parameters["oldest"] = f"{(call.first_tried_at - LOOK_BACK).timestamp():.6f}"
        if thread_ts:
            parameters["ts"] = thread_ts
        for _page in range(MOST_PAGES):
            try:
                answer = self._client.api_call(method, params=parameters)
            except SlackApiError as error:
                if error.response.get("error") == "thread_not_found":
                    return
                raise
            yield from answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            parameters["cursor"] = cursor


def _marked(key: str, given: Mapping[str, Any] | None) -> dict[str, Any]:
    metadata = dict(given or {"event_type": EVENT_TYPE, "event_payload": {}})
    return {**metadata, "event_payload": {**metadata.get("event_payload", {}), "call": marker(key)}}


def _refusal(method: str, error: SlackApiError) -> Answer:
    response = error.response
    status = getattr(response, "status_code", 0)
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Answer("limited", "ratelimited", retry_after=_retry_after(getattr(response, "headers", {})))
    if status >= 500 or " " in code or not code:
        # No answer of Slack's own: of something on the way, or a page where JSON should be.
        return Answer("again", f"http_{status}", doubtful=True)
    if code in MAY_HAVE_HAPPENED:
        return Answer("again", code, doubtful=True)
    if (method, code) in HAD_ITS_EFFECT:
        return Answer("done")
    return Answer("operator" if code in FOR_THE_OPERATOR else "refused", code)


def _retry_after(headers: Mapping[str, Any]) -> timedelta:
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    value = given[0] if isinstance(given, list) else given
    try:
        return timedelta(seconds=max(1.0, float(value)))
    except (TypeError, ValueError):
        return timedelta(seconds=1)


def _never_sent(error: Exception) -> bool:
    """Whether the connection was not even there, so that nothing can have happened."""
    reason = error.reason if isinstance(error, URLError) else error
    return isinstance(reason, ConnectionRefusedError) or type(reason).__name__ == "gaierror"
