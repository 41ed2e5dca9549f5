"""A person instead of the assistant: honest opening hours, and a message that becomes a helpdesk ticket."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from actions.fulfilment import services as journal
from actions.identity import services as identity
from actions.identity.addresses import well_formed
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import organisation, phrase

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


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
                "email", "person.where" if first else "person.reply_address", hours=opening(context.at)
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
            },
            key=f"handover:{context.turn.id}",
        )
        context.say("person.passed_on", hours=opening(context.at))
        return "over"


def opening(at: datetime) -> str:
    """When somebody is there, as a sentence: today until an hour, or from the next opening."""
    zone = ZoneInfo(organisation().timezone)
    local = at.astimezone(zone)
    hours = organisation().opening_hours
    today = hours.get(DAYS[local.weekday()])
    clock = local.strftime("%H:%M")
    if today and today[0] <= clock < today[1]:
        return phrase("hours.open", until=today[1])
    for ahead in range(0, 8):
        day = local + timedelta(days=ahead)
        times = hours.get(DAYS[day.weekday()])
        if times and (ahead > 0 or clock < times[0]):
            when = (
                "today"
                if ahead == 0
                else "tomorrow"
                if ahead == 1
                else f"on {DAYS[day.weekday()].capitalize()}"
            )
            return phrase("hours.closed", when=when, at=times[0])
    return phrase("hours.never")
