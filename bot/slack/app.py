"""The Bolt app: the gate that every delivery passes, then the groups of listeners."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from actions.database import Database
from actions.logs import where
from actions.settings import Settings
from bot.slack import acting, alerts, assistant, case_view, command, gate, home, posts, requests, sender
from bot.slack.interfaces import Loop, Register, SlackServices
from bot.slack.people import People
from bot.slack.quiet import quiet_logger
from bot.slack.roles import Roles
from bot.slack.threads import catching_up, mirror, searching
from bot.slack.threads import listeners as threads
from bot.slack.web_client import web_client

GROUPS: tuple[Register, ...] = (
    assistant.register,
    home.register,
    case_view.register,
    acting.register,
    requests.register,
    command.register,
    threads.register,
)
"""Every group of listeners, each with a `register`; the first that fits a delivery gets it."""

LOOPS: tuple[Loop, ...] = (
    sender.loop,
    posts.watch,
    mirror.loop,
    catching_up.loop,
    searching.loop,
    alerts.loop,
    assistant.follow,
)
"""What else runs in this process, each in a thread: see `interfaces.Loop`."""

log = structlog.get_logger("slack")


def services_of(database: Database, settings: Settings, client: WebClient | None = None) -> SlackServices:
    """What listeners need, over a database and the settings.

    Args:
        database: migrated.
        settings: checked by `Settings.slack_problems`.
        client: by default one made of the settings.
    """
    client = client or web_client(settings)
    roles = Roles(client, settings)
    return SlackServices(database, settings, client, roles, People(client, roles))


def create_app(services: SlackServices, groups: tuple[Register, ...] = GROUPS) -> App:
    """The app with its listeners, all by default. They end before Slack is answered: see `answering`."""
    app = App(
        # Its loggers are called after it; those below `slack_bolt` quote nobody.
        name="slack_bolt.rightline",
        logger=quiet_logger(),
        client=services.client,
        signing_secret=services.settings.slack_signing_secret.get_secret_value() or "none: socket mode",
        token_verification_enabled=False,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
    )
    app.use(gate.of_this_workspace(services))
    for register in groups:
        register(app, services)
    app.error(_failed)
    return app


def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Whatever went wrong is logged by its place; Slack is told, and sends again what it sends again."""
    if isinstance(error, BoltUnhandledRequestError):
        # What nobody listens to is acknowledged all the same, or Slack would go on sending it.
        return BoltResponse(status=200, body="")
    log.error(
        "listener_failed", delivery=str(body.get("type", "")), kind=type(error).__name__, at=where(error)
    )
    return BoltResponse(status=500, body="")
