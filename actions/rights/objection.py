"""Objection to processing other than marketing (UK GDPR Art. 21(1)): a person weighs it."""

from __future__ import annotations

from actions.cases import services as cases
from actions.identity.stages import due, hand_over
from actions.rights import restriction
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome


class WeighObjection:
    """Take the contact's words, stop using the data, and hand both to a person."""

    def enter(self, context: Context) -> Outcome:
        """Ask which use, and why it matters in the contact's situation."""
        return context.ask("value", "object.what", "cancel.words")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Record the words; only a person weighs them."""
        case, session = context.case, context.session
        if given.choice == "cancel" or given.intent == "deny":
            cases.move(session, case, "withdrawn", by="contact", note="left at the question")
            context.say("stopped")
            return "over"
        words = context.value(given.fields.get("value"))
        if words is None:
            return self.enter(context)
        case.details["words"] = words
        if context.data.get("doubt"):
            return hand_over(context)
        contact = context.crm.get(context.data["contact_id"])
        if contact is not None:
            restriction.meanwhile(session, case, contact, ground="objection")
        cases.move(
            session, case, "awaiting_approval", by="assistant", note="to be weighed; restricted meanwhile"
        )
        restriction.post_received(session, case)
        context.say("object.weighed", "why_date", case=case, reference=case.reference, due=due(context))
        return "over"
