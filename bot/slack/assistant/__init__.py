"""The assistant in Slack: a direct message or a mention holds the same conversation as the web chat.

What people say goes through `actions.conversations.intake`, as everywhere: personal values are vaulted before
anything else reads it. What is answered is read from the conversation's log and put into the queue of calls
to Slack. In a channel nothing personal is posted: once there is, it goes on in direct messages.
"""

from bot.slack.assistant.following import follow
from bot.slack.assistant.listening import register

__all__ = ["follow", "register"]
