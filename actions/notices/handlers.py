"""The step that writes one notice: rendered when it is sent, so that it says what is so then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.models import Case, CaseTag, address_hash
from actions.cases.notes import SAFE_CHANNEL
from actions.cases.tasks import raise_task
from actions.clock import now
from actions.crm.handlers import trouble
from actions.crm.interfaces import ContactRecord
from actions.fulfilment.interfaces import NotNeeded, StepContext, TryLater
from actions.fulfilment.registry import handles
from actions.mail import handlers as mail
from actions.mail import templates
from actions.mail.interfaces import Letter, MailRefused, MailUnavailable
from actions.mail.services import message_id
from actions.notices.interfaces import source_in_words
from actions.notices.models import ContactNotice
from actions.notices.services import KIND
from actions.recipients import services as recipients
from actions.settings import get_settings
from actions.wording import phrase

TEMPLATE = "notice_of_details"


@handles(KIND)
def send_notice(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Write to a new contact, unless they are gone, restricted or out of reach by now.

    Raises:
        NotNeeded: they are.
        TryLater: the CRM or the mail server is unavailable.
    """
    contact_id = payload["contact_id"]
    with trouble() as crm:
        contact = crm.get(contact_id)
    if contact is None or contact.state != "active":
        _end(context, contact_id, "not_needed")
        raise NotNeeded("the contact is gone, restricted or reduced")
    with context.database.read() as session:
        unsafe = _reads_somebody_else(session, contact)
        letter = None if unsafe or not contact.email else _letter(session, contact, context.key)
    if letter is None:
        _pass_to_a_person(context, contact_id, "there is no address that is safe to write to")
        return
    try:
        mail.sender().send(letter)
    except MailUnavailable as reason:
        raise TryLater(str(reason)) from None
    except MailRefused as reason:
        _pass_to_a_person(context, contact_id, str(reason))
        return
    _end(context, contact_id, "sent", templates.version(TEMPLATE))


def _letter(session: Session, contact: ContactRecord, key: str) -> Letter:
    words = templates.render(TEMPLATE, _values(session, contact))
    return Letter(contact.email, words.subject, words.text, words.html, (), message_id(key), now(session))


def _values(session: Session, contact: ContactRecord) -> dict[str, object]:
    """What the policy's first row and Art. 14 want told; kinds of details, not the details themselves."""
    given = [
        phrase("notice.recipient", name=one.name, does=one.does)
        for one in recipients.of_contact(session, contact.id)
        if one.does
    ]
    return {
        "name": contact.first_name or phrase("someone"),
        "added": contact.added_at,
        "details": "\n".join(f"- {phrase(f'field.{name}')}" for name in contact.fields),
        "source": source_in_words(contact.source),
        "recipients": "\n".join(f"- {one}" for one in given),
        "chat_url": get_settings().effective_public_url,
    }


def _reads_somebody_else(session: Session, contact: ContactRecord) -> bool:
    """Whether the contact told us that somebody else reads their mail."""
    about = (Case.contact_id == contact.id) | (Case.address_hash == address_hash(contact.email))
    tagged = (
        select(Case.id).join(CaseTag, CaseTag.case_id == Case.id).where(about, CaseTag.tag == SAFE_CHANNEL)
    )
    return session.scalar(tagged.limit(1)) is not None


def _pass_to_a_person(context: StepContext, contact_id: str, why: str) -> None:
    with context.database.write() as session:
        raise_task(
            session,
            key=f"notice-{contact_id}",
            kind="notice",
            text=f"Tell the contact {contact_id} (their id in the CRM) in another way that we hold their "
            f"details: {why}.",
        )
        _note(session, contact_id, "by_a_person", now(session), None)


def _end(context: StepContext, contact_id: str, state: str, version: int | None = None) -> None:
    with context.database.write() as session:
        _note(session, contact_id, state, now(session), version)


def _note(session: Session, contact_id: str, state: str, at: datetime, version: int | None) -> None:
    row = session.get(ContactNotice, contact_id)
    if row is not None and row.state == "planned":
        row.state, row.ended_at, row.version = state, at, version
