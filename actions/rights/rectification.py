"""Rectification (UK GDPR Art. 16 and 19; policy 12): old and new are shown and confirmed, then it is changed.

A new email address is verified itself, by a code sent to it. What is not a field of the CRM (an email, a
note, an opinion) is disputed rather than mistyped: a person decides, and until then the data are only kept
(Art. 18(1)(a)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations.interfaces import AskedField, Card, CardRow
from actions.crm.interfaces import FIELD_NAMES, ContactRecord, FieldName
from actions.fulfilment import plans
from actions.identity import services as identity
from actions.identity.addresses import well_formed
from actions.identity.interfaces import Closed
from actions.identity.stages import due, hand_over, prove_again
from actions.identity.words import duration, tries
from actions.mail import services as mail
from actions.rights import restriction
from actions.rights.ending import finish
from actions.rights.words import listing
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase

OTHER = "another_field"
LONGEST = 200
ASKS: Mapping[FieldName, AskedField] = {
    "name": "name",
    "surname": "name",
    "company": "value",
    "email": "email",
    "work_telephone": "phone",
    "mobile_telephone": "phone",
}


class CollectCorrections:
    """Which fields are wrong and what they should say: from the message, from buttons, from typed fields."""

    def enter(self, context: Context) -> Outcome:
        """Ask for what is still missing, or go on when nothing is."""
        if "todo" not in context.data:
            context.remember(todo=list(_said(context)), changes={})
        data = context.data
        if data.get("unverified"):
            return context.ask("code", "rectify.code_again", "resend_code", "cancel.words")
        if data.get("field"):
            return self._take_mentioned(context, data["field"])
        if data["todo"]:
            return self._next(context)
        if data["changes"]:
            return "next"
        return self._offer(context, FIELD_NAMES)

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take a field, its new value, or the code that proves a new address."""
        if given.choice == "cancel" or (given.intent == "deny" and not given.fields):
            cases.move(context.session, context.case, "withdrawn", by="contact", note="left as it was")
            context.say("rectify.left")
            return "over"
        if given.choice == OTHER:
            context.remember(disputed=True)
            return "next"
        if given.choice in FIELD_NAMES:
            context.remember(field=given.choice)
            return self.enter(context)
        if given.intent == "rectify" and given.slots:
            context.remember(todo=[*_corrections(given.slots), *context.data.get("todo", ())], field=None)
            return self.enter(context)
        return self._receive_typed(context, given)

    def _receive_typed(self, context: Context, given: Given) -> Outcome:
        data = context.data
        if data.get("unverified"):
            if (given.choice or given.intent) == "resend_code":
                return self._send_code(context, data["unverified"])
            code = context.value(given.fields.get("code"))
            return self.enter(context) if code is None else self._check(context, code)
        name: FieldName | None = data.get("field")
        if name is None:
            return self.enter(context)
        typed = context.value(given.fields.get(ASKS[name]))
        return self.enter(context) if typed is None else self._take(context, name, typed)

    def _next(self, context: Context) -> Outcome:
        first, *rest = context.data["todo"]
        context.remember(todo=rest, mentioned=first.get("value"))
        if first.get("field"):
            context.remember(field=first["field"])
            return self.enter(context)
        return self._offer(context, first.get("among") or FIELD_NAMES)

    def _offer(self, context: Context, fields: Any) -> Outcome:
        return context.offer("rectify.which", *(f"{name}.field" for name in fields), OTHER, "cancel.words")

    def _take_mentioned(self, context: Context, name: FieldName) -> Outcome:
        mentioned = context.value(context.data.get("mentioned"))
        context.remember(mentioned=None)
        if mentioned is not None and _fitting(name, mentioned) is not None:
            return self._take(context, name, mentioned)
        return context.ask(
            ASKS[name], f"rectify.new.{ASKS[name]}", "cancel.words", field=phrase(f"field.{name}")
        )

    def _take(self, context: Context, name: FieldName, typed: str) -> Outcome:
        value = _fitting(name, typed)
        if value is None:
            return context.ask(ASKS[name], f"rectify.not_a.{ASKS[name]}", "cancel.words")
        if name == "email":
            return self._send_code(context, value)
        return self._keep(context, name, value)

    def _keep(self, context: Context, name: FieldName, value: str) -> Outcome:
        context.remember(changes=context.data["changes"] | {name: value}, field=None, unverified=None)
        return self.enter(context)

    def _send_code(self, context: Context, address: str) -> Outcome:
        sent = identity.send_code(context.session, context.conversation, address)
        if isinstance(sent, Closed):
            context.remember(unverified=None)
            return context.ask(
                "email", "identity.no_more_codes", "talk_to_human", "cancel.words", wait=duration(sent.wait)
            )
        context.remember(unverified=address)
        return context.ask("code", "rectify.code_sent", "resend_code", "cancel.words", minutes=sent.minutes)

    def _check(self, context: Context, code: str) -> Outcome:
        checked = identity.check_code(context.session, context.conversation, code, proves=False)
        if checked.result == "right":
            return self._keep(context, "email", checked.address)
        if checked.result == "wrong":
            left = tries(checked.left)
            return context.ask("code", "identity.wrong_code", "resend_code", "cancel.words", left=left)
        context.remember(unverified=None)
        return context.ask("email", "rectify.code_over", "talk_to_human", "cancel.words")


class ConfirmCorrections:
    """Old and new side by side, and nothing is changed before a yes."""

    def enter(self, context: Context) -> Outcome:
        """Show them; a disputed accuracy goes another way."""
        if context.data.get("disputed"):
            return context.ask("value", "rectify.what", "cancel.words")
        if context.data.get("doubt"):
            context.case.details["changes"] = dict(context.data["changes"])
            return hand_over(context)
        contact = context.crm.get(context.data["contact_id"])
        if contact is None:
            cases.move(
                context.session, context.case, "fulfilled", by="assistant", note="nothing held any more"
            )
            context.say("access.nothing_any_more")
            return "over"
        if not _changes(context, contact):
            cases.move(context.session, context.case, "fulfilled", by="assistant", note="it says so already")
            context.say("rectify.same_already", case=context.case)
            return "over"
        return context.offer(
            "rectify.confirm", "confirm.correction", "cancel.correction", card=_card(context, contact)
        )

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the yes, the no, or the words about what is disputed."""
        if given.choice == "cancel" or given.intent == "deny":
            cases.move(context.session, context.case, "withdrawn", by="contact", note="left as it was")
            context.say("rectify.left")
            return "over"
        if context.data.get("disputed"):
            words = context.value(given.fields.get("value"))
            return self.enter(context) if words is None else _dispute(context, words)
        if given.choice != "confirm" and given.intent != "affirm":
            return self.enter(context)
        if identity.proven_address(context.session, context.conversation) is None:
            return prove_again(context)
        contact = context.crm.get(context.data["contact_id"])
        return self.enter(context) if contact is None else _correct(context, contact)


def _correct(context: Context, contact: ContactRecord) -> Outcome:
    case = context.case
    fields = correct(context.session, case, contact, _changes(context, contact), by="contact")
    context.say("rectify.started", case=case, fields=fields, reference=case.reference)
    return "over"


def correct(
    session: Session, case: Case, contact: ContactRecord, changes: Mapping[FieldName, str], *, by: str
) -> str:
    """Plan the change of a contact's fields, the look afterwards, everybody who is told, and the case's end.

    Args:
        session: a writing session.
        case: the case that asked for it.
        contact: as it is now.
        changes: the new values; a new email address has been verified itself.
        by: who confirmed it: `contact`, or the agent.

    Returns:
        The fields, in words.
    """
    addresses = dict.fromkeys([case.address or contact.email, changes.get("email", case.address or "")])
    cases.move(session, case, "in_progress", by=by, note=f"corrects {', '.join(sorted(changes))}")
    plans.plan_rectification(session, case, contact, changes)
    fields = listing([phrase(f"field.{name}") for name in changes])
    for number, address in enumerate(address for address in addresses if address):
        mail.post(
            session,
            "rectification_done",
            address,
            case=case,
            key=f"case:{case.id}:done:{number}",
            reference=case.reference,
            fields=fields,
        )
    finish(session, case, "rectify.done")
    return fields


def _dispute(context: Context, words: str) -> Outcome:
    """A person decides what is right; until then the data are only kept (UK GDPR Art. 18(1)(a))."""
    case, session = context.case, context.session
    case.details["words"] = words
    if context.data.get("doubt"):
        return hand_over(context)
    contact = context.crm.get(context.data["contact_id"])
    if contact is not None:
        restriction.meanwhile(session, case, contact, ground="accuracy")
    cases.move(
        session, case, "awaiting_approval", by="assistant", note="accuracy disputed; restricted meanwhile"
    )
    restriction.post_received(session, case)
    context.say("rectify.disputed", "why_date", case=case, reference=case.reference, due=due(context))
    return "over"


def _said(context: Context) -> Iterator[dict[str, Any]]:
    slots = context.data.get("slots", {})
    if slots.get("field") or slots.get("field_among"):
        yield from _corrections(slots)


def _corrections(slots: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in (slots, *slots.get("further", ())):
        field = each.get("field")
        among = [name for name in each.get("field_among", ()) if name in FIELD_NAMES]
        if field in FIELD_NAMES or among:
            yield {
                "field": field if field in FIELD_NAMES else None,
                "among": among,
                "value": each.get("value"),
            }


def _fitting(name: FieldName, typed: str) -> str | None:
    """The value as the CRM should have it, or None when it is none for this field."""
    text = " ".join(typed.split())
    if name == "email":
        return well_formed(text)
    if ASKS[name] == "phone":
        return text if text.startswith("+") and text[1:].isdigit() else None
    return text if 0 < len(text) <= LONGEST and "@" not in text else None


def _changes(context: Context, contact: ContactRecord) -> dict[FieldName, str]:
    wanted: dict[FieldName, str] = context.data["changes"]
    return {name: value for name, value in wanted.items() if contact.fields.get(name) != value}


def _card(context: Context, contact: ContactRecord) -> Card:
    rows: list[CardRow] = [
        {
            "id": name,
            "label": phrase(f"field.{name}").capitalize(),
            "value": phrase(
                "rectify.change", old=contact.fields.get(name) or phrase("held.nothing"), new=value
            ),
        }
        for name, value in _changes(context, contact).items()
    ]
    return {"title": phrase("rectify.card"), "rows": rows}
