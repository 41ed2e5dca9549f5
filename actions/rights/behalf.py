"""Somebody asks for somebody else: a person proves the authority first, and nothing is disclosed before."""

from __future__ import annotations

from collections.abc import Mapping

from actions.cases import services as cases
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase

TASK = "authority"
# What may be wanted for somebody else, as a right; anything else is for the agent to say.
RIGHTS: Mapping[str, str] = {
    "access": "access",
    "portability": "portability",
    "rectify": "rectification",
    "erase": "erasure",
    "restrict": "restriction",
    "object": "objection",
}


class AskAuthority:
    """Who are they to each other, and what is needed? Papers come later, to a person."""

    def enter(self, context: Context) -> Outcome:
        """Say what holds for such requests, and ask."""
        relation = context.data.get("slots", {}).get("relation")
        name = "on_behalf.child" if relation == "child" else "on_behalf.what"
        return context.ask("value", name, "cancel.words")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Keep the words with the case, with what was understood of them."""
        case, session = context.case, context.session
        if given.choice == "cancel" or (given.intent == "deny" and not given.fields):
            cases.move(session, case, "withdrawn", by="contact", note="left at the question")
            context.say("stopped")
            return "over"
        words = context.value(given.fields.get("value"))
        if words is None:
            return self.enter(context)
        slots = context.data.get("slots", {})
        case.details["words"] = words
        case.details["relation"] = slots.get("relation")
        case.details["wants"] = RIGHTS.get(str(slots.get("wants")), "")
        cases.raise_task(
            session,
            key=f"case:{case.id}:authority",
            kind=TASK,
            text=phrase("task.authority", reference=case.reference),
            case=case,
        )
        return "next"
