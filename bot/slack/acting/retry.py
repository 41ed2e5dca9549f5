"""Trying stuck steps again, once what stopped them is mended."""

from __future__ import annotations

from slack_bolt import App

from actions.fulfilment import services as journal
from bot.slack.forms import on_press
from bot.slack.interfaces import SlackRefused, SlackServices
from bot.slack.performing import Act
from bot.slack.wording import marked, plain


def register(app: App, services: SlackServices) -> None:
    """Add the button."""
    on_press(app, services, "retry", _retried, at_least="agent")


def _retried(act: Act) -> str:
    count = journal.retry_stuck(act.session, act.case, by=act.agent.name)
    if not count:
        raise SlackRefused(plain("retry.nothing", reference=act.case.reference))
    return marked("retry.done", reference=act.case.reference, count=count)
