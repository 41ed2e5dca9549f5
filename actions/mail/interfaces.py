"""What a letter is, and what sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class MailUnavailable(Exception):
    """The mail server could not take the letter now; the message holds nothing personal."""


class MailRefused(Exception):
    """The letter will never be taken, whoever tries again; the message holds nothing personal."""


class TemplateError(Exception):
    """A template is wrong, or was given other values than it needs; the message says which and where."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter; `text` is sent as UTF-8, byte for byte."""

    name: str
    content_type: str
    text: str


@dataclass(frozen=True)
class Letter:
    """A letter ready to send.

    Attributes:
        message_id: with angle brackets; the same letter sent again has the same one, so that mail servers
            and readers can tell a repetition.
        at: when it was sent, by our clock; None leaves the header out.
    """

    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    message_id: str
    at: datetime | None = None


class MailSender(Protocol):
    """Hands letters to a mail server."""

    def send(self, letter: Letter) -> None:
        """Send one letter; when it returns, the server has taken it.

        Raises:
            MailUnavailable: not now.
            MailRefused: never.
        """
        ...
