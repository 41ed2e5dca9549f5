"""Posting a letter: written now, in the transaction that decides it, and sent by the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from actions.cases.models import Case, address_hash
from actions.clock import now
from actions.fulfilment.services import plan_step
from actions.mail import held, templates
from actions.mail.interfaces import Attachment
from actions.mail.models import SentLetter
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
    payload = {
        "template": template,
        "to": to,
        "subject": words.subject,
        "text": words.text,
        "html": words.html,
        "attachments": [asdict(attachment) for attachment in attachments],
        "useless_after": useless_after.isoformat() if useless_after else None,
    }
    if case is not None:
        _keep(session, case, key, template, to, words, attachments)
        if held.must_be_held(session, case):
            held.hold(session, case, key=key, payload=payload)
            return
    plan_step(session, kind="mail", key=key, case=case, payload=payload)


def letters_of(session: Session, case: Case) -> list[SentLetter]:
    """The letters of a case as they were written, oldest first; `sent_at` says whether they went out."""
    return list(
        session.scalars(select(SentLetter).where(SentLetter.case_id == case.id).order_by(SentLetter.id))
    )


def note_sent(session: Session, key: str) -> None:
    """Note that the mail server has taken the letter with that key; the first time counts."""
    session.execute(
        update(SentLetter)
        .where(SentLetter.key == key, SentLetter.sent_at.is_(None))
        .values(sent_at=now(session))
    )


def forget_unsent(session: Session, case: Case) -> None:
    """Forget the letters of a case that have not been sent, whose sending was cancelled."""
    session.execute(delete(SentLetter).where(SentLetter.case_id == case.id, SentLetter.sent_at.is_(None)))


def forget_words(session: Session, hashes: Sequence[str], *, but: Case | None = None) -> int:
    """Destroy the words of letters to somebody whose data are erased; that they were sent stays on record.

    Args:
        session: a writing session.
        hashes: keyed hashes of their addresses (`actions.cases.models.address_hash`).
        but: the case whose letters stay, as the proof of what was done.

    Returns:
        How many letters lost their words.
    """
    gone = session.scalars(
        update(SentLetter)
        .where(
            SentLetter.address_hash.in_(hashes),
            SentLetter.content.is_not(None),
            SentLetter.case_id != (but.id if but else 0),
        )
        .values(content=None)
        .returning(SentLetter.id)
    )
    return len(gone.all())


def _keep(
    session: Session,
    case: Case,
    key: str,
    template: str,
    to: str,
    words: templates.Rendered,
    attachments: Sequence[Attachment],
) -> None:
    if session.scalar(select(SentLetter.id).where(SentLetter.key == key)) is not None:
        return
    session.add(
        SentLetter(
            case_id=case.id,
            key=key,
            template=template,
            version=templates.version(template),
            address_hash=address_hash(to),
            content={"to": to, "subject": words.subject, "text": words.text, "html": words.html},
            attachments=[
                {"name": each.name, "sha256": hashlib.sha256(each.text.encode()).hexdigest()}
                for each in attachments
            ],
            posted_at=now(session),
        )
    )
    session.flush()


def message_id(key: str) -> str:
    """The Message-ID of the letter with that key, the same whenever it is sent."""
    domain = organisation().privacy_team_email.rpartition("@")[2]
    return f"<{keyed_hash('message-id', key)[:32]}@{domain}>"
