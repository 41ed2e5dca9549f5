"""The stand-in refuses what Slack refuses, and only that: driven by Slack's own SDK over a socket."""

from __future__ import annotations

import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack_standin import StandInSlack
from bot.slack_standin.workspace import Posted

pytestmark = pytest.mark.refuses


@pytest.fixture
def client(slack: StandInSlack) -> WebClient:
    """The SDK's client with the app's token, in a channel with one person."""
    slack.channel("C1", "privacy-desk", members=["U1"])
    # By default the SDK sends a second time when a connection breaks, even if the first has had its effect.
    return WebClient(slack.bot_token, base_url=slack.api_url, timeout=5, retry_handlers=[])


def button(**changes: Any) -> dict[str, Any]:
    """A button that Slack takes, but for the changes."""
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": "Approve"},
        "action_id": "approve",
    } | changes


def actions(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    """A block of elements."""
    return [{"type": "actions", "elements": list(elements)}]


def section(text: str, kind: str = "mrkdwn") -> dict[str, Any]:
    """A section with a text."""
    return {"type": "section", "text": {"type": kind, "text": text}}


def option(value: str) -> dict[str, Any]:
    """An option of a menu."""
    return {"text": {"type": "plain_text", "text": f"Option {value}"}, "value": value}


def modal(**changes: Any) -> dict[str, Any]:
    """A modal that Slack takes, but for the changes."""
    return {
        "type": "modal",
        "callback_id": "refuse",
        "title": {"type": "plain_text", "text": "Refuse"},
        "submit": {"type": "plain_text", "text": "Refuse"},
        "blocks": [
            {
                "type": "input",
                "block_id": "reason",
                "label": {"type": "plain_text", "text": "Why?"},
                "element": {"type": "plain_text_input", "action_id": "reason"},
            }
        ],
    } | changes


def refusal(client: WebClient, method: str, **given: Any) -> str:
    """The error of a call that is refused."""
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=given)
    return str(caught.value.response["error"])


def posting(client: WebClient, **given: Any) -> str:
    """The error of a message that is refused."""
    return refusal(client, "chat.postMessage", **{"channel": "C1", "text": "Hello"} | given)


MANY = [option(str(number)) for number in range(101)]
SELECT = {"type": "static_select", "action_id": "pick"}


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3001)],
        [section("")],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "section"}],
        [{"type": "sections", "text": {"type": "plain_text", "text": "x"}}],
        [section("x") | {"colour": "red"}],
        [section("x") | {"fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
        [section("x") | {"fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [section("x") | {"block_id": "same"}, section("y") | {"block_id": "same"}],
        [section("x")] * 51,
        [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [{"type": "context", "elements": [button()]}],
        actions(button(text={"type": "plain_text", "text": "x" * 76})),
        actions(button(value="x" * 2001)),
        actions(button(action_id="x" * 256)),
        actions(button(style="warning")),
        actions(button(), button()),
        actions(*(button(action_id=str(number)) for number in range(26))),
        actions({"type": "slider", "action_id": "x"}),
        actions({"type": "plain_text_input", "action_id": "x"}),
        actions(SELECT | {"options": MANY}),
        actions(SELECT | {"options": []}),
        actions(SELECT),
        actions(SELECT | {"options": [option("1"), option("1")]}),
        actions(SELECT | {"options": [option("1")], "initial_option": option("2")}),
        actions(SELECT | {"options": [option("x" * 151)]}),
        actions({"type": "overflow", "action_id": "more", "options": MANY[:6]}),
        actions({"type": "radio_buttons", "action_id": "one", "options": MANY[:11]}),
        actions({"type": "datepicker", "action_id": "day", "initial_date": "23/12/2026"}),
        actions(button(confirm={"title": {"type": "plain_text", "text": "Sure?"}})),
        [section("Tom & Jerry")],
        [section("a < b")],
        [section("hello <!channel>")],
        [section("<https://example.com|here> <script>")],
    ],
    ids=lambda blocks: str(blocks)[:60],
)
def test_blocks_that_slack_would_not_show_are_refused(client: WebClient, blocks: list[Any]) -> None:
    assert posting(client, blocks=blocks) == "invalid_blocks"


def test_blocks_within_every_limit_are_taken(client: WebClient) -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
        section("x" * 3000) | {"accessory": button(value="x" * 2000)},
        section("Tom &amp; Jerry, <https://example.com/?a=1&amp;b=2|here>, <@U1>, <#C1>, a &lt; b"),
        section("> quoted\n>>> and the rest <!date^1735689600^{date_short}|1 January>"),
        {"type": "divider"},
        *actions(
            button(text={"type": "plain_text", "text": "x" * 75}, style="danger"),
            SELECT | {"options": MANY[:100], "initial_option": MANY[0]},
            {"type": "overflow", "action_id": "more", "options": MANY[:5]},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-23"},
            {"type": "users_select", "action_id": "who"},
        ),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
        *[{"type": "divider"}] * 43,
    ]
    assert len(blocks) == 50
    posted = client.chat_postMessage(channel="C1", text="Hello", blocks=blocks)
    assert posted["message"]["blocks"] == blocks


def test_too_much_text_is_refused(client: WebClient) -> None:
    assert posting(client, text="x" * 40_001) == "msg_too_long"
    assert posting(client, blocks=[section("x" * 2700)] * 5) == "msg_blocks_too_long"
    assert posting(client, text="") == "no_text"
    assert posting(client, text="Tom & Jerry") == "invalid_arguments"


def test_messages_go_where_the_app_is(slack: StandInSlack, client: WebClient) -> None:
    slack.channel("C2").place.members.clear()
    slack.channel("C3").place.archived = True
    assert posting(client, channel="C2") == "not_in_channel"
    assert posting(client, channel="C3") == "is_archived"
    assert posting(client, channel="C9") == "channel_not_found"
    assert posting(client, thread_ts="1.2") == "thread_not_found"
    assert posting(client, colour="red") == "invalid_arguments"
    assert refusal(client, "chat.postEphemeral", channel="C1", user="U7", text="x") == "user_not_found"


def test_messages_are_changed_by_whom_they_are_from(slack: StandInSlack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="C1", text="Hello", blocks=[section("Hello")])
    client.chat_update(channel="C1", ts=posted["ts"], text="Changed")
    # As Slack does: blocks that are not mentioned stay.
    assert slack.channel("C1").messages[0].blocks == [section("Hello")]
    client.chat_update(channel="C1", ts=posted["ts"], text="Changed", blocks=[])
    assert slack.channel("C1").messages[0].blocks == []
    theirs = slack.workspace.post(Posted("C1", "1.000001", "U1", "mine"))
    assert refusal(client, "chat.update", channel="C1", ts=theirs.ts, text="x") == "cant_update_message"
    assert refusal(client, "chat.delete", channel="C1", ts=theirs.ts) == "cant_delete_message"
    assert refusal(client, "chat.update", channel="C1", ts="9.9", text="x") == "message_not_found"
    client.chat_delete(channel="C1", ts=posted["ts"])
    assert slack.channel("C1").messages == [theirs]


def test_threads_and_metadata_are_read_back(client: WebClient) -> None:
    metadata = {"event_type": "rightline", "event_payload": {"id": "7"}}
    root = client.chat_postMessage(channel="C1", text="Root", metadata=metadata)
    client.chat_postMessage(channel="C1", text="Reply", thread_ts=root["ts"])
    thread = client.conversations_replies(channel="C1", ts=root["ts"], include_all_metadata=True)["messages"]
    assert [one["text"] for one in thread] == ["Root", "Reply"]
    assert thread[0]["metadata"] == metadata
    assert [one["text"] for one in client.conversations_history(channel="C1")["messages"]] == ["Root"]


@pytest.mark.parametrize(
    "changes",
    [
        {"private_metadata": "x" * 3001},
        {"title": {"type": "plain_text", "text": "x" * 25}},
        {"callback_id": "x" * 256},
        {"blocks": [section("x")] * 101},
        {"type": "home"},
        {"footer": "x"},
        {"submit": None},
        {"submit": {"type": "plain_text", "text": "x" * 25}},
    ],
    ids=lambda changes: str(changes)[:50],
)
def test_modals_that_slack_would_not_open_are_refused(
    slack: StandInSlack, client: WebClient, changes: dict[str, Any]
) -> None:
    view = {name: value for name, value in modal(**changes).items() if value is not None}
    trigger = slack.workspace.trigger(slack.user("U1").id)
    assert refusal(client, "views.open", trigger_id=trigger, view=view) == "invalid_arguments"


def test_a_trigger_opens_one_modal_within_three_seconds(slack: StandInSlack, client: WebClient) -> None:
    user = slack.user("U1")
    trigger = slack.workspace.trigger(user.id)
    client.views_open(trigger_id=trigger, view=modal())
    assert user.modal is not None
    assert refusal(client, "views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    assert refusal(client, "views.open", trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    late = slack.workspace.trigger(user.id)
    slack.workspace.monotonic = lambda: time.process_time() + 3.1
    assert refusal(client, "views.open", trigger_id=late, view=modal()) == "expired_trigger_id"


def test_modals_stack_three_high_and_know_their_hash(slack: StandInSlack, client: WebClient) -> None:
    def trigger() -> str:
        return slack.workspace.trigger(slack.user("U1").id)

    first = client.views_open(trigger_id=trigger(), view=modal())["view"]
    client.views_push(trigger_id=trigger(), view=modal())
    client.views_push(trigger_id=trigger(), view=modal())
    assert refusal(client, "views.push", trigger_id=trigger(), view=modal()) == "push_limit_reached"
    client.views_update(view_id=first["id"], hash=first["hash"], view=modal())
    again = {"view_id": first["id"], "hash": first["hash"], "view": modal()}
    assert refusal(client, "views.update", **again) == "hash_conflict"
    assert refusal(client, "views.update", view_id="V9", view=modal()) == "not_found"


def test_home_is_published(slack: StandInSlack, client: WebClient) -> None:
    home = {"type": "home", "blocks": [section("Hello")] * 100}
    client.views_publish(user_id=slack.user("U1").id, view=home)
    assert slack.user("U1").home is not None
    home["blocks"].append(section("one more"))
    assert refusal(client, "views.publish", user_id="U1", view=home) == "invalid_arguments"


def test_tokens_and_scopes_are_looked_at(slack: StandInSlack, client: WebClient) -> None:
    assert refusal(WebClient(base_url=slack.api_url), "auth.test") == "not_authed"
    assert refusal(WebClient("xoxb-other", base_url=slack.api_url), "auth.test") == "invalid_auth"
    assert refusal(client, "apps.connections.open") == "not_allowed_token_type"
    assert refusal(client, "chat.postMassage") == "unknown_method"
    slack.api.scopes.discard("chat:write")
    assert posting(client) == "missing_scope"
    slack.api.scopes.discard("users:read.email")
    assert "email" not in client.users_info(user="U1")["user"]["profile"]
    slack.api.revoked = True
    assert refusal(client, "auth.test") == "token_revoked"


def test_what_goes_wrong_on_purpose(slack: StandInSlack, client: WebClient) -> None:
    slack.faults.rate_limit("chat.*", retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel="C1", text="first")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    slack.faults.status(status=503)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C1", text="second")
    assert slack.channel("C1").messages == []
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises((OSError, SlackApiError)):
        client.chat_postMessage(channel="C1", text="third")
    assert [one.text for one in slack.channel("C1").messages] == ["third"]
    slack.faults.dead_for(60)
    with pytest.raises((OSError, SlackApiError)):
        client.chat_postMessage(channel="C1", text="fourth")
    slack.faults.clear()
    client.chat_postMessage(channel="C1", text="fifth")
    assert [one.text for one in slack.channel("C1").messages] == ["third", "fifth"]
    assert slack.refused == []


def test_a_direct_message_is_opened(slack: StandInSlack, client: WebClient) -> None:
    channel = client.conversations_open(users=slack.user("U5", email="u5@example.com").id)["channel"]["id"]
    client.chat_postMessage(channel=channel, text="Hello")
    assert [one.text for one in slack.user("U5").direct_messages] == ["Hello"]
    assert client.users_info(user="U5")["user"]["profile"]["email"] == "u5@example.com"
    slack.group("S1", ["U5"])
    assert client.usergroups_users_list(usergroup="S1")["users"] == ["U5"]


def test_half_a_request_is_none(slack: StandInSlack, client: WebClient) -> None:
    address = urlsplit(slack.api_url)
    assert address.hostname
    assert address.port
    body = b"channel=C1&text=whole"
    head = (
        "POST /api/chat.postMessage HTTP/1.1\r\nHost: slack\r\n"
        f"Authorization: Bearer {slack.bot_token}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=5) as killed:
        killed.sendall(head.encode() + body[:9])
        killed.shutdown(socket.SHUT_WR)
        assert killed.recv(100) == b""
    assert slack.calls_of("chat.postMessage") == []
    client.chat_postMessage(channel="C1", text="whole")
    assert len(slack.calls_of("chat.postMessage")) == 1
