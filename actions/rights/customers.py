"""Customers' customers (policy 6.4; UK GDPR Art. 28): the customer decides; we say so, and tell it."""

from __future__ import annotations

from actions.cases import services as cases
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase

TASK = "tell_customer"


class PassToCustomer:
    """Say who decides, disclose nothing, and offer to tell the firm that is meant."""

    def enter(self, context: Context) -> Outcome:
        """Say so, and ask which firm it is."""
        name = "customers.which_firm" if context.data.get("asked") else "inform.customers_customer"
        context.remember(asked=True)
        return context.ask("value", name, "no_firm", "access")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the firm's name, for the colleague who tells it."""
        case, session = context.case, context.session
        if given.choice in ("no_firm", "cancel") or (given.intent in ("deny", "thank") and not given.fields):
            cases.move(session, case, "fulfilled", by="assistant", note="pointed to the customer who decides")
            context.say("customers.asked_directly", "access")
            return "over"
        firm = context.value(given.fields.get("value"))
        if firm is None:
            return self.enter(context)
        case.details["words"] = firm
        cases.move(session, case, "awaiting_approval", by="assistant", note="a customer is to be told")
        cases.raise_task(
            session,
            key=f"case:{case.id}:customer",
            kind=TASK,
            text=phrase("task.tell_customer", reference=case.reference),
            case=case,
        )
        context.say("customers.passed_on", "access", case=case, reference=case.reference)
        return "over"
