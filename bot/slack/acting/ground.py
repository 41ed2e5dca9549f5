"""Ending a ground that kept something: the rest is erased, and the contact is told."""

from __future__ import annotations

from slack_bolt import App

from actions.erasures import reviews
from bot.slack.forms import on_press
from bot.slack.interfaces import SlackServices
from bot.slack.performing import Act
from bot.slack.wording import marked


def register(app: App, services: SlackServices) -> None:
    """Add the button."""
    on_press(app, services, "ground", _ended, at_least="approver")


def _ended(act: Act) -> str:
    reviews.end_by_hand(act.session, act.crm, act.case, by=act.agent.name)
    return marked("ground.done", reference=act.case.reference)
