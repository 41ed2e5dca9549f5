"""Answers that only whoever acted sees: beside the message, in the modal, or in one of its own."""

from __future__ import annotations

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.blocks import MESSAGE_TEXT, cut, modal, section
from bot.slack.interfaces import Block, Body, SlackServices
from bot.slack.performing import channel_of, user_of
from bot.slack.wording import plain

log = structlog.get_logger("slack")


def tell(services: SlackServices, body: Body, sentence: str) -> None:
    """Tell whoever acted something in private, wherever they are.

    Args:
        services: the app's.
        body: what they did.
        sentence: what they are told; nothing when empty.
    """
    if not sentence:
        return
    channel = channel_of(body)
    if channel is not None and body.get("view") is None:
        arguments: dict[str, object] = {
            "channel": channel,
            "user": user_of(body),
            "text": cut(sentence, MESSAGE_TEXT),
            "blocks": [section(sentence)],
        }
        if thread := (body.get("message") or {}).get("thread_ts"):
            arguments["thread_ts"] = thread
        _call(services, "chat.postEphemeral", arguments)
        return
    show(services, body, notice(sentence))


def show(services: SlackServices, body: Body, view: Block) -> None:
    """Open a modal, on top of the one somebody is in."""
    inside = (body.get("view") or {}).get("type") == "modal"
    _call(
        services, "views.push" if inside else "views.open", {"trigger_id": body["trigger_id"], "view": view}
    )


def replace(services: SlackServices, view_id: str, view: Block) -> None:
    """Show a modal anew."""
    _call(services, "views.update", {"view_id": view_id, "view": view})


def publish(services: SlackServices, user_id: str, view: Block) -> None:
    """Show somebody's Home anew."""
    _call(services, "views.publish", {"user_id": user_id, "view": view})


def notice(sentence: str) -> Block:
    """A modal that only says something."""
    return modal("notice", plain("notice.title"), [section(sentence)], close=plain("form.close"))


def _call(services: SlackServices, method: str, arguments: dict[str, object]) -> None:
    # What is shown in passing is not worth failing for: what was done is done, and can be looked up.
    try:
        services.client.api_call(method, json=arguments)
    except SlackApiError as error:
        log.warning("not_shown", method=method, error=str(error.response.get("error", "")))
    except (SlackClientError, OSError) as error:
        log.warning("not_shown", method=method, error=type(error).__name__)
