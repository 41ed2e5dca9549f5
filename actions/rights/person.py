"""Requests a person serves: recorded with their date, the contact told when to expect an answer."""

from __future__ import annotations

from actions.cases import services as cases
from actions.identity import services as identity
from actions.identity.addresses import well_formed
from actions.identity.stages import due
from actions.mail import services as mail
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome


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
                right=case.right.replace("_", " "),
                due=f"{case.due_on:%-d %B %Y}",
            )
        context.say(
            f"recorded.{case.right}", "why_date", case=case, reference=case.reference, due=due(context)
        )
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)


class AskWords:
    """What the request is about, in the contact's own words, for the person who reads it."""

    def __init__(self, question: str) -> None:
        self.question = question

    def enter(self, context: Context) -> Outcome:
        """Ask."""
        return context.ask("value", self.question, "cancel.words")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Keep the words with the case, encrypted."""
        if given.choice == "cancel":
            cases.move(context.session, context.case, "withdrawn", by="contact", note="left at the question")
            context.say("stopped")
            return "over"
        words = context.value(given.fields.get("value"))
        if words is None:
            return self.enter(context)
        context.case.details["words"] = words
        return "next"


class AskReplyAddress:
    """Where the answer should go; no proof is needed to complain or to ask for a person."""

    def enter(self, context: Context) -> Outcome:
        """Use the address proven already, if there is one."""
        proven = identity.proven_address(context.session, context.conversation)
        if proven is not None:
            context.case.address = proven
            return "next"
        return context.ask("email", "person.reply_address")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the address."""
        typed = context.value(given.fields.get("email"))
        if typed is None:
            return self.enter(context)
        address = well_formed(typed)
        if address is None:
            return context.ask("email", "identity.not_an_address")
        context.case.address = address
        return "next"
