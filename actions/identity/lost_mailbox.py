"""Who cannot read the mailbox we know: a call back to a telephone on file, or a person; documents last.

Nothing said here depends on what is on file. The case is with a person from the first word; what the contact
adds (a number, a mailbox they can read) helps that person, and decides nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.explain import long_date
from actions.cases.models import Case
from actions.crm.interfaces import ContactRecord, FieldName
from actions.identity import services as identity
from actions.identity.addresses import well_formed
from actions.identity.interfaces import Closed
from actions.identity.words import duration, tries
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase
from actions.wording.services import identity_rules

if TYPE_CHECKING:
    from actions.tasks.context import Context

TASK = "call_back"
NUMBERS: tuple[FieldName, ...] = ("work_telephone", "mobile_telephone")


def begin(context: Context) -> Outcome:
    """Put the request before a person, and ask what would help them."""
    case, session = context.case, context.session
    cases.move(session, case, "awaiting_approval", by="assistant", note="cannot reach the mailbox")
    case.details["doubt"] = "lost_mailbox"
    cases.raise_task(
        session,
        key=f"case:{case.id}:call-back",
        kind=TASK,
        text=phrase("task.call_back", reference=case.reference),
        case=case,
    )
    context.say("identity.lost_mailbox", case=case, reference=case.reference, due=long_date(case.due_on))
    context.remember(lost="phone")
    return ask(context)


def ask(context: Context) -> Outcome:
    """Ask for what is still missing."""
    match context.data["lost"]:
        case "phone":
            return context.ask("phone", "identity.which_number", "no_number", "talk_to_human")
        case "email":
            return context.ask("email", "identity.which_reply_address", "cancel.words", "talk_to_human")
        case _:
            return context.ask("code", "identity.code_again", "resend_code", "cancel.words")


def receive(context: Context, given: Given) -> Outcome:
    """Take the number, then a mailbox for the answer, which proves itself by a code."""
    wish = given.choice or given.intent
    if wish == "cancel" or (wish == "deny" and context.data["lost"] != "phone"):
        return _end(context)
    if context.data["lost"] == "phone":
        return _number(context, given, wish)
    if wish == "resend_code" and context.data.get("reply_to"):
        return _send(context, context.data["reply_to"])
    typed = context.value(given.fields.get("email"))
    if typed is not None:
        address = well_formed(typed)
        return context.ask("email", "identity.not_an_address") if address is None else _send(context, address)
    code = context.value(given.fields.get("code"))
    return ask(context) if code is None or context.data["lost"] != "code" else _check(context, code)


def numbers_to_ring(session: Session, contact: ContactRecord, at: datetime) -> list[str]:
    """The contact's telephones that are settled enough to be rung.

    A number must have been on file for so many days (`identity.yml`): whoever took over a mailbox could have
    had it changed first.

    Args:
        session: any session.
        contact: whom the agent takes the requester to be.
        at: now.
    """
    settled = at - timedelta(days=identity_rules().telephone_settled_days)
    if contact.added_at > settled:
        return []
    changed = session.scalar(
        select(Case.id).where(
            Case.contact_id == contact.id,
            Case.right == "rectification",
            Case.state.in_(("in_progress", "fulfilled")),
            Case.received_at > settled,
        )
    )
    if changed is not None:
        return []
    return [contact.fields[name] for name in NUMBERS if name in contact.fields]


def note_rung(session: Session, case: Case, contact_id: str, *, by: str) -> None:
    """Put on record that an agent was shown a contact's telephones for a case."""
    record(
        session, actor=by, action="telephones_shown", subject=case.reference, details={"contact": contact_id}
    )


def _number(context: Context, given: Given, wish: str) -> Outcome:
    number = context.value(given.fields.get("phone"))
    if wish in ("no_number", "deny"):
        context.remember(lost="email")
        return ask(context)
    if number is None:
        return ask(context)
    if not number.startswith("+"):
        return context.ask("phone", "marketing.not_a_number", "no_number", "talk_to_human")
    context.case.details["typed_number"] = number
    context.remember(lost="email")
    return ask(context)


def _send(context: Context, address: str) -> Outcome:
    sent = identity.send_code(context.session, context.conversation, address)
    if isinstance(sent, Closed):
        wait = duration(sent.wait)
        return context.ask("email", "identity.no_more_codes", "talk_to_human", "cancel.words", wait=wait)
    context.remember(lost="code", reply_to=address)
    return context.ask("code", "identity.code_sent", "resend_code", "cancel.words", minutes=sent.minutes)


def _check(context: Context, code: str) -> Outcome:
    checked = identity.check_code(context.session, context.conversation, code, proves=False)
    if checked.result == "right":
        context.case.address = checked.address
        return _end(context)
    if checked.result == "wrong":
        left = tries(checked.left)
        return context.ask("code", "identity.wrong_code", "resend_code", "cancel.words", left=left)
    context.remember(lost="email")
    return context.ask("email", "identity.which_reply_address", "cancel.words", "talk_to_human")


def _end(context: Context) -> Outcome:
    reply = "identity.reply_there" if context.case.address else "identity.no_reply_address"
    context.say(reply, "talk_to_human", case=context.case, reference=context.case.reference)
    return "over"
