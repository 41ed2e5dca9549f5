"""Complaints (DPA 2018 s.164A): acknowledged at once, without identity, and not only electronically."""

from __future__ import annotations

from actions.cases import services as cases
from actions.identity.stages import due
from actions.mail import services as mail
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome


class TakeComplaint:
    """On record and with a person from its first words; what follows only helps that person."""

    def enter(self, context: Context) -> Outcome:
        """Acknowledge it, and ask what we should know."""
        case, session = context.case, context.session
        if case.state == "draft":
            note = "a complaint, acknowledged at once"
            cases.move(session, case, "awaiting_approval", by="contact", note=note)
            named = context.value(context.data.get("slots", {}).get("reference"))
            other = cases.by_reference(session, named) if named else None
            if other is not None:
                cases.link(session, case, other, "related", by="assistant")
        name = "complaint.what_else" if context.data.get("asked") else "complaint.what"
        context.remember(asked=True)
        return context.ask("value", name, "cancel.words", reference=case.reference)

    def receive(self, context: Context, given: Given) -> Outcome:
        """Keep the words with the case, encrypted."""
        case, session = context.case, context.session
        if given.choice == "cancel" or (given.intent == "deny" and not given.fields):
            cases.move(session, case, "withdrawn", by="contact", note="taken back at once")
            context.say("complaint.taken_back")
            return "over"
        words = context.value(given.fields.get("value"))
        if words is None:
            return self.enter(context)
        case.details["words"] = words
        return "next"


class AcknowledgeComplaint:
    """In writing where there is an address, and with the ways that need no computer."""

    def enter(self, context: Context) -> Outcome:
        """Say what happens next, in the chat and by mail."""
        case = context.case
        if case.address:
            mail.post(
                context.session,
                "complaint_received",
                case.address,
                case=case,
                key=f"case:{case.id}:received",
                reference=case.reference,
                due=due(context),
            )
        context.say("recorded.complaint", "why_date", case=case, reference=case.reference, due=due(context))
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)
