"""A Slack of our own, on loopback: what tests and conversation scripts talk to instead of the real one.

It keeps a workspace, offers the Web API and Socket Mode over real sockets or delivers signed HTTP requests,
and refuses what Slack's documentation says Slack refuses. It is stricter than Slack where Slack would show
something ugly or dangerous instead of refusing it: unescaped markup, a message without a text for
notifications.
"""

from bot.slack_standin.standin import StandInSlack

__all__ = ["StandInSlack"]
