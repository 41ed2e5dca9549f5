"""Sending by SMTP, with a timeout on every step and no way for a value to become a header."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from actions.mail.interfaces import Letter, MailRefused, MailUnavailable
from actions.settings import Settings
from actions.wording import organisation

TIMEOUT_SECONDS = 10.0
PERMANENT = 500


@dataclass(frozen=True)
class SmtpSender:
    """An SMTP server and how to reach it.

    Attributes:
        sender: the address letters come from, with the name shown beside it.
        tls: upgrade the connection with STARTTLS before anything is sent; without it nothing is sent at all.
        timeout: seconds to wait for the server at each step.
    """

    host: str
    port: int
    sender: Address
    user: str = ""
    password: str = ""
    tls: bool = False
    timeout: float = TIMEOUT_SECONDS

    @classmethod
    def from_settings(cls, settings: Settings) -> SmtpSender:
        """The server the settings name; letters come from the organisation's privacy team."""
        us = organisation()
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=address(us.privacy_team_email, f"{us.brand} privacy"),
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            tls=settings.smtp_tls,
        )

    def send(self, letter: Letter) -> None:
        """See `MailSender.send`."""
        message = written(letter, self.sender)
        try:
            with smtplib.SMTP(
                self.host, self.port, local_hostname=self.sender.domain, timeout=self.timeout
            ) as server:
                if self.tls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message, self.sender.addr_spec, [letter.to])
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _refused([code for code, _ in refusal.recipients.values()]) from None
        except smtplib.SMTPDataError as refusal:
            raise _refused([refusal.smtp_code]) from None
        except (OSError, smtplib.SMTPException) as error:
            # Without its cause: the server's words may quote the address.
            raise MailUnavailable(f"the mail server is unavailable ({type(error).__name__})") from None


def written(letter: Letter, sender: Address) -> EmailMessage:
    """The letter as a message.

    Raises:
        MailRefused: an address or a header holds what would not stay inside it.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = address(letter.to)
        message["Subject"] = letter.subject
        message["Message-ID"] = letter.message_id
    except (ValueError, MessageError):
        raise MailRefused("a header of the letter is not well-formed") from None
    if letter.at is not None:
        message["Date"] = format_datetime(letter.at)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments:
        kind, _, subtype = attachment.content_type.partition("/")
        message.add_attachment(
            attachment.text.encode(),
            maintype=kind,
            subtype=subtype,
            filename=attachment.name,
            params={"charset": "utf-8"},
        )
    return message


def address(text: str, name: str = "") -> Address:
    """One address, and nothing but one address.

    Raises:
        MailRefused: it is none, or more than one, or holds a control character.
    """
    if any(not character.isprintable() or character.isspace() for character in text):
        raise MailRefused("an address holds a space or a control character")
    try:
        parsed = Address(display_name=name, addr_spec=text)
    except (ValueError, IndexError, MessageError):
        raise MailRefused("an address is not well-formed") from None
    if not parsed.username or not parsed.domain:
        raise MailRefused("an address is not complete")
    return parsed


def _refused(codes: list[int]) -> MailRefused | MailUnavailable:
    if min(codes, default=0) >= PERMANENT:
        return MailRefused(f"the mail server refused the letter ({codes[0]})")
    return MailUnavailable(f"the mail server postponed the letter ({codes[0]})")
