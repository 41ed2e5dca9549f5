"""The assistant in Slack: a direct message or a mention holds the same conversation as the web chat.

What people say goes through `actions.conversations.intake`, as everywhere: personal values are vaulted before
anything else reads it. What is answered is read from the conversation's log and put into the queue of calls
to Slack. In a channel nothing personal is posted: once there is, it goes on in direct messages.
"""

from slack_bolt import App

from bot.slack.assistant import changing, listening
from bot.slack.assistant.following import follow
from bot.slack.interfaces import SlackServices

__all__ = ["follow", "register"]


def register(app: App, services: SlackServices) -> None:
    """See `bot.slack.interfaces.Register`."""
    listeners = listening.Listeners(services)
    listening.register(app, listeners)
    changing.register(app, services, listeners)
