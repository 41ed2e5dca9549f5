"""Requests a person serves: recorded with their date, the contact told when to expect an answer."""

from __future__ import annotations

from actions.cases import services as cases
from actions.cases.explain import long_date
from actions.identity import services as identity
from actions.identity.addresses import well_formed
from actions.identity.stages import due
from actions.mail import services as mail
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase


class RecordForPerson:
    """Hand a proven contact's request to a colleague."""

    def enter(self, context: Context) -> Outcome:
        """Move the case to a person and acknowledge it, in the chat and by mail."""
        case = context.case
        cases.move(context.session, case, "awaiting_approval", by="assistant", note="for a person")
        if case.address:
            mail.post(
                context.session,
                "case_received",
                case.address,
                case=case,
                key=f"case:{case.id}:received",
                reference=case.reference,
                right=phrase(f"right.{case.right}"),
                due=long_date(case.due_on),
            )
        context.say(
            f"recorded.{case.right}", "why_date", case=case, reference=case.reference, due=due(context)
        )
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)


class AskReplyAddress:
    """Where the answer should go; no proof is needed to complain or to ask for a person.

    Attributes:
        question: the phrase that asks.
        optional: whether a reference and another way to hear from us will do instead.
    """

    def __init__(self, question: str = "person.reply_address", *, optional: bool = False) -> None:
        self.question = question
        self.optional = optional

    def enter(self, context: Context) -> Outcome:
        """Use the address proven already, if there is one."""
        proven = identity.proven_address(context.session, context.conversation)
        if proven is not None:
            context.case.address = proven
            return "next"
        return context.ask("email", self.question, *(("no_address",) if self.optional else ()))

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the address."""
        if self.optional and (given.choice == "no_address" or given.intent == "deny"):
            return "next"
        typed = context.value(given.fields.get("email"))
        if typed is None:
            return self.enter(context)
        address = well_formed(typed)
        if address is None:
            return context.ask("email", "identity.not_an_address")
        context.case.address = address
        return "next"
