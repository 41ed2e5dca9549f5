"""The real Slack app in threads of the test's process, talking to the stand-in over sockets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from actions.conversations.models import Conversation
from actions.database import Database
from actions.settings import Settings
from actions.slack.models import SlackCall, SlackConversation
from bot.slack.answering import Answering
from bot.slack.app import LOOPS, create_app, services_of
from bot.slack.interfaces import Loop, SlackServices
from bot.slack.threads import catching_up
from bot.slack.transports import Http, SocketMode
from bot.slack_standin import StandInSlack
from bot.supervisor.ports import free_ports

DESK = "C0DESK"


def settings_for(slack: StandInSlack, **changes: Any) -> Settings:
    """Settings of an app that serves the stand-in's workspace, with one person in each role."""
    given: dict[str, Any] = {
        "demo": True,
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_signing_secret": slack.signing_secret,
        "slack_api_url": slack.api_url,
        "slack_support_channel": DESK,
        "slack_posts_a_second": 0,
        "slack_roles": {
            "observer": ["U0READER"],
            "agent": ["U0AGENT"],
            "approver": ["U0DANA", "U0SAM"],
            "dpo": ["U0DPO"],
        },
    }
    return Settings(**(given | changes))


@contextmanager
def running(
    slack: StandInSlack,
    database: Database,
    *,
    http: bool = False,
    loops: tuple[Loop, ...] = LOOPS,
    **changes: Any,
) -> Iterator[SlackServices]:
    """The app with its listeners, its loops and one of its transports, until the context ends.

    Args:
        slack: whose workspace it serves.
        database: with every table.
        http: by signed requests instead of Socket Mode.
        loops: what runs beside the listeners.
        changes: to its settings.
    """
    port = free_ports(1)[0] if http else 0
    settings = settings_for(slack, slack_mode="http" if http else "socket", slack_port=port, **changes)
    services = services_of(database, settings)
    answering = Answering(create_app(services), services)
    # A process begins by fetching what was written before; over HTTP nothing says hello to it.
    catching_up.connected()
    stop = threading.Event()
    transport = Http(settings, answering) if http else SocketMode(settings, answering)
    threads = [threading.Thread(target=loop, args=(services, stop), daemon=True) for loop in loops]
    # The SDK takes seconds to end a connection, and nobody waits for that.
    speaking = threading.Thread(target=transport.run, args=(stop,), daemon=True)
    for thread in (*threads, speaking):
        thread.start()
    try:
        if http:
            slack.deliveries.address = f"http://127.0.0.1:{port}/slack/events"
            slack.wait_listening()
        else:
            slack.wait_connected()
        yield services
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)
        answering.close()


def arrived(database: Database) -> bool:
    """Whether everything in the logs of conversations is in Slack."""
    with database.read() as session:
        behind = (
            select(SlackConversation.id)
            .join(Conversation, Conversation.id == SlackConversation.conversation_id)
            .where(Conversation.last_seq > SlackConversation.delivered_seq)
        )
        queued = select(SlackCall.id).where(SlackCall.state.in_(("waiting", "sending")))
        return session.scalar(behind) is None and session.scalar(queued) is None
