"""The step that tells a recipient, by a letter or through a person, and notes what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.cases.tasks import raise_task
from actions.clock import now
from actions.fulfilment.interfaces import StepContext, TryLater
from actions.fulfilment.registry import handles
from actions.mail import handlers as mail
from actions.mail import templates
from actions.mail.interfaces import Letter, MailRefused, MailUnavailable
from actions.mail.services import message_id
from actions.recipients import services
from actions.recipients.interfaces import NoticeState
from actions.wording import phrase

TEMPLATE = "recipient_notice"


@handles("tell_recipient")
def tell_recipient(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Tell a recipient of a change (UK GDPR Art. 19).

    A recipient who cannot be reached by mail holds nobody up: a person gets a task, and the notice says so.

    Raises:
        TryLater: the mail server is unavailable.
    """
    recipient = services.known().get(payload["recipient"])
    if recipient is None:
        _pass_to_a_person(context, payload, "not among the recipients any more")
    elif recipient.told_by == "storage":
        _note(context, payload, "not_needed", "keeps our own records for us")
    elif recipient.told_by == "person":
        _pass_to_a_person(context, payload, "told by a person")
    else:
        _write_to(context, payload, recipient.address)


def _write_to(context: StepContext, payload: Mapping[str, Any], address: str) -> None:
    with context.database.read() as session:
        at = now(session)
    words = templates.render(TEMPLATE, _values(payload))
    letter = Letter(address, words.subject, words.text, words.html, (), message_id(context.key), at)
    try:
        mail.sender().send(letter)
    except MailUnavailable as reason:
        raise TryLater(str(reason)) from None
    except MailRefused as reason:
        _pass_to_a_person(context, payload, str(reason))
    else:
        _note(context, payload, "told", "by letter")


def _values(payload: Mapping[str, Any]) -> dict[str, object]:
    about, changes = payload["about"], payload["changes"]
    kept = listing([phrase(f"field.{name}") for name in payload["kept"]])
    request = phrase("recipient.erasure_partly", kept=kept) if kept else phrase(f"recipient.{about}")
    return {
        "reference": payload["reference"],
        "name": services.name_of(payload["recipient"]),
        "request": request,
        "addresses": "\n".join(payload["addresses"]),
        "changes": "\n".join(f"{phrase(f'field.{name}')}: {value}" for name, value in changes.items()),
    }


def listing(parts: list[str]) -> str:
    """Things in a row, as people write them; nothing is an empty text."""
    if len(parts) < 2:
        return "".join(parts)
    return phrase("listing", first=", ".join(parts[:-1]), last=parts[-1])


def _pass_to_a_person(context: StepContext, payload: Mapping[str, Any], why: str) -> None:
    name = services.name_of(payload["recipient"])
    text = f"Tell {name} of the {payload['about'].replace('_', ' ')} ({why}), and note the outcome."
    with context.database.write() as session:
        raise_task(
            session,
            key=f"notice-{payload['notice']}-recipient",
            kind="recipient",
            text=text,
            case=_case(session, context),
        )
        services.note_outcome(session, payload["notice"], "with_a_person", by="worker", note=why)


def _note(context: StepContext, payload: Mapping[str, Any], state: NoticeState, note: str) -> None:
    with context.database.write() as session:
        services.note_outcome(session, payload["notice"], state, by="worker", note=note)


def _case(session: Session, context: StepContext) -> Case | None:
    return session.get(Case, context.case_id) if context.case_id is not None else None
