"""The step that sends a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.clock import now
from actions.fulfilment.interfaces import GiveUp, NotNeeded, StepContext, TryLater
from actions.fulfilment.registry import handles
from actions.mail.interfaces import Attachment, Letter, MailRefused, MailSender, MailUnavailable
from actions.mail.services import message_id, note_sent
from actions.mail.smtp import SmtpSender
from actions.settings import get_settings


def sender() -> MailSender:
    """What sends our letters."""
    return SmtpSender.from_settings(get_settings())


@handles("mail")
def send(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Send a letter that `services.post` planned.

    SMTP has no way to take a letter exactly once: where we die between the server's yes and our own note of
    it, the letter goes out again, under the same Message-ID, by which servers and readers recognise it.

    Raises:
        TryLater: the server is unavailable.
        NotNeeded: the letter is of no use any more, or belongs to no case and is refused for good.
        GiveUp: a letter of a case is refused for good.
    """
    with context.database.read() as session:
        at = now(session)
    useless_after = payload.get("useless_after")
    if useless_after is not None and at >= datetime.fromisoformat(useless_after):
        raise NotNeeded("the letter came too late to be of use")
    try:
        sender().send(_letter(context.key, payload, at))
    except MailUnavailable as reason:
        raise TryLater(str(reason)) from None
    except MailRefused as reason:
        if context.case_id is None:
            raise NotNeeded(str(reason)) from None
        raise GiveUp(str(reason)) from None
    if context.case_id is not None:
        with context.database.write() as session:
            note_sent(session, context.key)


def _letter(key: str, payload: Mapping[str, Any], at: datetime) -> Letter:
    return Letter(
        to=payload["to"],
        subject=payload["subject"],
        text=payload["text"],
        html=payload["html"],
        attachments=tuple(Attachment(**attachment) for attachment in payload["attachments"]),
        message_id=message_id(key),
        at=at,
    )
