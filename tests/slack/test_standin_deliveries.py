"""What people do in the stand-in reaches a Bolt app as Slack brings it, over both transports."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.slack_standin import StandInSlack
from bot.slack_standin.deliveries import post, signature
from bot.slack_standin.filling import CannotEnter
from bot.slack_standin.looking import words
from bot.slack_standin.people import NotAcknowledged

MODAL = {
    "type": "modal",
    "callback_id": "find",
    "title": {"type": "plain_text", "text": "Find"},
    "submit": {"type": "plain_text", "text": "Find"},
    "blocks": [
        {
            "type": "input",
            "block_id": "address",
            "label": {"type": "plain_text", "text": "Which address?"},
            "element": {"type": "email_text_input", "action_id": "address"},
        },
        {
            "type": "input",
            "block_id": "note",
            "optional": True,
            "label": {"type": "plain_text", "text": "A note?"},
            "element": {"type": "plain_text_input", "action_id": "note", "initial_value": "none"},
        },
    ],
}


class Echo:
    """A small app that remembers what it was told."""

    def __init__(self, slack: StandInSlack) -> None:
        client = WebClient(slack.bot_token, base_url=slack.api_url, timeout=5)
        self.app = App(client=client, signing_secret=slack.signing_secret)
        self.heard: list[Any] = []
        self.hang = threading.Event()
        self.hang.set()
        self.app.event("message")(self._message)
        self.app.event("app_mention")(self._mention)
        self.app.command("/find")(self._command)
        self.app.view("find")(self._submission)
        self.app.action("open")(self._action)

    def _message(self, event: dict[str, Any], request: BoltRequest) -> None:
        self.hang.wait(10)
        self.heard.append((event.get("subtype", "message"), event.get("text"), request.headers))

    def _mention(self, event: dict[str, Any], say: Any) -> None:
        say(text="Hello", thread_ts=event["ts"])

    def _command(self, ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack("Looking…")
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    def _submission(self, ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if values["address"]["address"]["value"] == "nobody@example.com":
            ack(response_action="errors", errors={"address": "There is nobody."})
        else:
            self.heard.append(values)
            ack()

    def _action(self, ack: Any, respond: Any, action: dict[str, Any]) -> None:
        ack()
        respond(text=f"Opened {action['value']}", replace_original=True)


@pytest.fixture
def echo(slack: StandInSlack) -> Echo:
    """The app, not connected yet."""
    slack.channel("C1", members=["U1"])
    return Echo(slack)


@pytest.fixture(params=["socket", "http"])
def connected(request: pytest.FixtureRequest, slack: StandInSlack, echo: Echo) -> Iterator[Echo]:
    """The app, by one transport and by the other."""
    if request.param == "socket":
        handler = SocketModeHandler(echo.app, slack.app_token)
        handler.connect()
        slack.wait_connected()
        yield echo
        leave(handler)
        return
    server = served(echo.app)
    slack.deliveries.address = f"http://127.0.0.1:{server.server_address[1]}/slack/events"
    yield echo
    server.shutdown()
    server.server_close()


def leave(handler: SocketModeHandler) -> None:
    """Disconnect; the SDK takes seconds to end its threads, and nobody waits for that."""
    threading.Thread(target=handler.close, daemon=True).start()


def served(app: App) -> ThreadingHTTPServer:
    """A Bolt app behind a small HTTP server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = app.dispatch(BoltRequest(body=body, headers=headers))
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                self.send_header(name, values[0])
            content = answer.body.encode()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def test_messages_edits_and_deletions_arrive_as_slack_writes_them(
    slack: StandInSlack, connected: Echo
) -> None:
    user = slack.user("U1")
    said = user.message("C1", "Tom & <Jerry> at tom@example.com")
    user.edits(said, "Tom")
    user.deletes(said)
    slack.wait_for(lambda: len(connected.heard) == 3)
    by_kind = {kind: text for kind, text, _ in connected.heard}
    assert by_kind == {
        "message": "Tom &amp; &lt;Jerry&gt; at <mailto:tom@example.com|tom@example.com>",
        "message_changed": None,
        "message_deleted": None,
    }


def test_a_mention_is_answered_in_its_thread(slack: StandInSlack, connected: Echo) -> None:
    said = slack.user("U1").mentions("C1", "hello?")
    thread = slack.wait_for(lambda: slack.channel("C1").thread(said.ts)[1:])
    assert [one.text for one in thread] == ["Hello"]


def test_a_command_opens_a_modal_that_is_filled_in(slack: StandInSlack, connected: Echo) -> None:
    user = slack.user("U1")
    user.command("/find", "x")
    assert words(user.private) == "Looking…"
    slack.wait_for(lambda: user.modal)
    with pytest.raises(CannotEnter, match="filled in"):
        user.submit("find", {})
    with pytest.raises(CannotEnter, match="an address"):
        user.submit("find", {"address": "tom"})
    refused = user.submit("find", {"address": "nobody@example.com"})
    assert refused.errors == {"address": "There is nobody."}
    assert user.modal is not None
    assert user.submit("find", {"address": "tom@example.com"}).view is None
    assert connected.heard[0]["address"]["address"]["value"] == "tom@example.com"
    assert connected.heard[0]["note"]["note"]["value"] == "none"


def test_a_button_changes_its_message(slack: StandInSlack, connected: Echo) -> None:
    element = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Open"},
        "action_id": "open",
        "value": "PR-1",
    }
    connected.app.client.chat_postMessage(
        channel="C1", text="A case", blocks=[{"type": "actions", "elements": [element]}]
    )
    slack.user("U1").press("open")
    slack.wait_for(lambda: slack.channel("C1").messages[0].text == "Opened PR-1")


def test_what_is_not_acknowledged_comes_again(slack: StandInSlack, echo: Echo) -> None:
    slack.deliveries.pauses = (0.2, 0.2, 0.2)
    user = slack.user("U1")
    with pytest.raises(NotAcknowledged, match="no_connection"):
        user.message("C1", "is anybody there?")
    handler = SocketModeHandler(echo.app, slack.app_token)
    handler.connect()
    delivery = slack.deliveries.made[-1]
    assert delivery.finished.wait(5)
    assert delivery.attempts[0] == "no_connection"
    assert delivery.attempts[-1] == "ok"
    slack.wait_for(lambda: echo.heard)
    assert echo.heard[0][2]["x-slack-retry-num"] == [str(len(delivery.attempts) - 1)]
    leave(handler)


def test_connections_are_refreshed_and_lost(slack: StandInSlack, echo: Echo) -> None:
    handler = SocketModeHandler(echo.app, slack.app_token)
    handler.connect()
    slack.wait_connected()
    slack.sockets.refresh()
    slack.wait_for(lambda: slack.sockets.opened >= 2)
    # While the SDK changes connections something may be lost; then it comes again.
    slack.user("U1").message("C1", "still there?", wait=False)
    slack.wait_for(lambda: slack.deliveries.made[-1].acknowledged)
    assert echo.heard[-1][1] == "still there?"
    leave(handler)


def test_only_what_slack_signed_lately_is_taken(slack: StandInSlack, echo: Echo) -> None:
    server = served(echo.app)
    address = f"http://127.0.0.1:{server.server_address[1]}/slack/events"
    body = b'{"type": "url_verification", "challenge": "x"}'
    kind = {"Content-Type": "application/json"}
    assert post(address, body, kind | signature(slack.signing_secret, body)) == (200, b'{"challenge": "x"}')
    assert post(address, body, kind)[0] == 401
    assert post(address, body, kind | signature("another secret", body))[0] == 401
    assert post(address, body, kind | signature(slack.signing_secret, body, age=301))[0] == 401
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("waits", [True, False])
def test_who_waits_for_repetitions_sees_what_only_the_second_attempt_brought(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    answers = iter([("timeout", None), ("ok", None)])
    monkeypatch.setattr(slack.deliveries, "_by_socket", lambda *_attempt: next(answers))
    slack.deliveries.waits_for_repetitions = waits
    slack.deliveries.pauses = (0.5,)
    delivery = slack.deliveries.bring("events_api", {"type": "event_callback"})
    assert delivery.acknowledged is waits
    assert delivery.finished.wait(10)
    assert delivery.attempts == ["timeout", "ok"]
