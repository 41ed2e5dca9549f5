"""Getting a person: connected where somebody is there, otherwise a message that becomes a helpdesk ticket."""

from __future__ import annotations

from actions.fulfilment import services as journal
from actions.handover import services as handovers
from actions.handover.hours import opening
from actions.identity import services as identity
from actions.identity.addresses import well_formed
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase

LEAVE_MESSAGE = "leave_message"


class ConnectPerson:
    """Put the contact in the line when somebody is there to take them; else go on to a message."""

    def enter(self, context: Context) -> Outcome:
        """Connect, or go on."""
        if context.data.get("slots", {}).get(LEAVE_MESSAGE) or not handovers.available(context.session):
            return "next"
        handover = handovers.request(context.session, context.conversation, seq=context.turn.seq)
        place = handovers.position(context.session, handover)
        context.say(
            "handover.first_in_line" if place == 1 else "handover.in_line",
            *handovers.WAYS_ON,
            position=place,
            hours=opening(context.at, context.conversation.time_zone),
        )
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)


class LeaveMessage:
    """Take an address to answer to and the contact's words, and pass both to the helpdesk."""

    def enter(self, context: Context) -> Outcome:
        """Ask for what is still missing."""
        address = context.data.get("address") or identity.proven_address(
            context.session, context.conversation
        )
        if address is None:
            first = not context.data.get("asked")
            context.remember(asked=True)
            return context.ask(
                "email",
                "person.where" if first else "person.reply_address",
                hours=opening(context.at, context.conversation.time_zone),
            )
        context.remember(address=address)
        return context.ask("value", "person.what", "cancel.words")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the address, then the words."""
        if given.choice == "cancel" or (given.intent == "deny" and not given.fields):
            context.say("stopped")
            return "over"
        if context.data.get("address") is None:
            typed = context.value(given.fields.get("email"))
            address = well_formed(typed) if typed else None
            if address is None:
                return context.ask("email", "identity.not_an_address" if typed else "person.reply_address")
            context.remember(address=address)
            return self.enter(context)
        words = context.value(given.fields.get("value"))
        return self.enter(context) if words is None else self._pass_on(context, words)

    def _pass_on(self, context: Context, words: str) -> Outcome:
        journal.plan_step(
            context.session,
            kind="helpdesk_ticket",
            payload={
                "requestor": context.data["address"],
                "body": words,
                "subject": phrase("person.subject"),
                "conversation": context.conversation.id,
            },
            key=f"handover:{context.turn.id}",
        )
        context.say("person.passed_on", hours=opening(context.at, context.conversation.time_zone))
        return "over"
