"""The Bolt app: the gate that every delivery passes, then the groups of listeners."""

from __future__ import annotations

import re
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from actions.database import Database
from actions.logs import where
from actions.settings import Settings
from bot.slack import alerts, assistant, gate, sender
from bot.slack.interfaces import Loop, Register, SlackServices
from bot.slack.people import People
from bot.slack.quiet import quiet_logger
from bot.slack.roles import Roles
from bot.slack.threads import catching_up, mirror
from bot.slack.threads import listeners as threads
from bot.slack.web_client import web_client

GROUPS: tuple[Register, ...] = (assistant.register, threads.register)
"""Every group of listeners; each module adds its `register` here."""

LOOPS: tuple[Loop, ...] = (sender.loop, mirror.loop, catching_up.loop, alerts.loop, assistant.follow)
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


def create_app(services: SlackServices) -> App:
    """The app with all its listeners. A listener ends before Slack is answered: see `answering`."""
    app = App(
        # Its loggers are called after it; those below `slack_bolt` quote nobody.
        name="slack_bolt.rightline",
        logger=quiet_logger(),
        client=services.client,
        signing_secret=services.settings.slack_signing_secret.get_secret_value() or "none: socket mode",
        token_verification_enabled=False,
        process_before_response=True,
    )
    app.use(gate.of_this_workspace(services))
    for register in GROUPS:
        register(app, services)
    # What nobody listens to is taken all the same, or Slack would go on sending it.
    app.event(re.compile(""))(_taken)
    app.error(_failed)
    return app


def _taken(ack: Ack) -> None:
    ack()


def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Whatever went wrong is logged by its place; Slack is told, and sends again what it sends again."""
    log.error(
        "listener_failed", delivery=str(body.get("type", "")), kind=type(error).__name__, at=where(error)
    )
    return BoltResponse(status=500, body="")
