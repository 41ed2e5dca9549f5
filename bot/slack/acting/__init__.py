"""What people do with a case in Slack, one module an action."""

from __future__ import annotations

from slack_bolt import App

from bot.slack.acting import (
    approve,
    assign,
    ground,
    hold,
    letters,
    note,
    outcome,
    retry,
    review,
    sign_off,
    undo,
)
from bot.slack.interfaces import SlackServices

ACTIONS = (approve, assign, ground, hold, letters, note, outcome, retry, review, sign_off, undo)


def register(app: App, services: SlackServices) -> None:
    """Add every action."""
    for action in ACTIONS:
        action.register(app, services)
