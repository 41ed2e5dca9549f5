"""Posting a letter: written now, in the transaction that decides it, and sent by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.fulfilment.services import plan_step
from actions.mail import templates
from actions.mail.interfaces import Attachment
from actions.mail.smtp import address
from actions.vault.cipher import keyed_hash
from actions.wording import organisation


def post(
    session: Session,
    template: str,
    to: str,
    *,
    case: Case | None = None,
    key: str,
    attachments: Sequence[Attachment] = (),
    useless_after: datetime | None = None,
    **values: object,
) -> None:
    """Write a letter and plan its sending.

    Args:
        session: a writing session.
        template: the id of a template.
        to: the one address it goes to.
        case: the case it belongs to; it then waits for the case's earlier steps, and later ones wait for it.
        key: names the letter for good; posting the same key again sends nothing more.
        attachments: files to go with it.
        useless_after: not to be sent any more from this instant on, by our clock: a code that has expired.
        **values: what the template needs, no more and no less.

    Raises:
        TemplateError: there is no such template, or the values are not those it needs.
        MailRefused: the address is not exactly one well-formed address.
    """
    address(to)
    words = templates.render(template, values)
    plan_step(
        session,
        kind="mail",
        key=key,
        case=case,
        payload={
            "template": template,
            "to": to,
            "subject": words.subject,
            "text": words.text,
            "html": words.html,
            "attachments": [asdict(attachment) for attachment in attachments],
            "useless_after": useless_after.isoformat() if useless_after else None,
        },
    )


def message_id(key: str) -> str:
    """The Message-ID of the letter with that key, the same whenever it is sent."""
    domain = organisation().privacy_team_email.rpartition("@")[2]
    return f"<{keyed_hash('message-id', key)[:32]}@{domain}>"
