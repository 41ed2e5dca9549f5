"""Direct marketing (UK GDPR Art. 21(2)-(3), policy 8.5 to 8.8): stopped at once, begun again with a code."""

from __future__ import annotations

from actions.cases import services as cases
from actions.fulfilment import plans
from actions.fulfilment import services as journal
from actions.identity.addresses import well_formed
from actions.mail import services as mail
from actions.preferences import services as preferences
from actions.settings import get_settings
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase, topics


class StopMarketing:
    """Suppress an address without asking who it is: stopping needs no proof and discloses nothing."""

    def enter(self, context: Context) -> Outcome:
        """Ask which address, unless it was said."""
        asked = set(context.data.get("slots", {}).get("topics", ()))
        if asked and not asked & set(topics().optional):
            cases.move(
                context.session, context.case, "fulfilled", by="assistant", note="service messages only"
            )
            context.say("marketing.service_stays")
            return "over"
        channels = set(context.data.get("slots", {}).get("channels", ()))
        mentioned = context.value(context.data.get("entities", {}).get("email"))
        if channels and channels <= set(topics().channels_of("phone")) and mentioned is None:
            context.remember(phone_asked=True)
            return "next"
        if mentioned is not None and context.current.awaits is None:
            return self._stop(context, mentioned)
        return context.ask("email", "marketing.which_address")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the address."""
        typed = context.value(given.fields.get("email"))
        return (
            context.ask("email", "marketing.which_address") if typed is None else self._stop(context, typed)
        )

    def _stop(self, context: Context, typed: str) -> Outcome:
        address = well_formed(typed)
        if address is None:
            return context.ask("email", "identity.not_an_address")
        case, session = context.case, context.session
        stopped = stopped_topics(context)
        channels = [
            name for name in context.data.get("slots", {}).get("channels", ()) if name in topics().channels
        ]
        preferences.suppress(
            session, "email", address, topics=stopped, reason="objection", case_reference=case.reference
        )
        case.address = address
        cases.move(session, case, "in_progress", by="contact", note="marketing stopped for an address")
        plans.plan_preferences(
            session,
            case,
            topics=stopped,
            channels=channels or list(topics().channels_of("email")),
            wanted=False,
            address=address,
        )
        mail.post(
            session,
            "marketing_stopped",
            address,
            case=case,
            key=f"case:{case.id}:notice",
            what=spoken(stopped),
            reference=case.reference,
            undo_url=f"{get_settings().effective_public_url}/#undo",
        )
        journal.plan_step(
            session,
            kind="move_case",
            payload={"to": "fulfilled", "note": "suppressed"},
            key=f"case:{case.id}:end",
            case=case,
        )
        context.say("marketing.stopped", case=case, what=spoken(stopped), reference=case.reference)
        return "next"


class StopCalls:
    """Telephone numbers are asked for: a shared mailbox must not silence two people's telephones."""

    def enter(self, context: Context) -> Outcome:
        """Offer to stop calls and texts as well."""
        if context.data.get("phone_asked"):
            return context.ask("phone", "marketing.which_number", "cancel")
        return context.offer("marketing.calls_too", "confirm.stop_calls", "cancel.stop_calls")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take a yes or no, then the number."""
        number = context.value(given.fields.get("phone"))
        if number is not None:
            return self._stop(context, number)
        if given.choice == "cancel" or given.intent == "deny":
            if context.case.state == "draft":
                cases.move(context.session, context.case, "withdrawn", by="contact", note="no number given")
            context.say("marketing.no_calls")
            return "over"
        if given.choice == "confirm" or given.intent == "affirm":
            context.remember(phone_asked=True)
            return context.ask("phone", "marketing.which_number", "cancel")
        return self.enter(context)

    def _stop(self, context: Context, number: str) -> Outcome:
        if not number.startswith("+"):
            return context.ask("phone", "marketing.not_a_number", "cancel")
        case = context.case
        preferences.suppress(
            context.session,
            "phone",
            number,
            topics=stopped_topics(context),
            reason="objection",
            case_reference=case.reference,
        )
        if case.state == "draft":
            cases.move(context.session, case, "fulfilled", by="assistant", note="a number is suppressed")
        context.say("marketing.calls_stopped", case=case)
        return "over"


class StartMarketing:
    """Lift the suppression of a proven address and record the consent (UK GDPR Art. 7)."""

    def enter(self, context: Context) -> Outcome:
        """Lift it, set the CRM's preferences by the journal, and say so."""
        case, session = context.case, context.session
        address = case.address or ""
        preferences.lift(session, "email", address)
        case.details["consent"] = {
            "wording": phrase("marketing.consent"),
            "channel": context.conversation.channel,
            "at": context.at.isoformat(),
        }
        cases.move(session, case, "in_progress", by="contact", note="consent given with identity proven")
        restored = stopped_topics(context)
        plans.plan_preferences(
            session,
            case,
            topics=restored,
            channels=list(topics().channels_of("email")),
            wanted=True,
            address=address,
        )
        mail.post(
            session,
            "marketing_restored",
            address,
            case=case,
            key=f"case:{case.id}:notice",
            what=spoken(restored),
            reference=case.reference,
        )
        journal.plan_step(
            session,
            kind="move_case",
            payload={"to": "fulfilled", "note": "consent recorded"},
            key=f"case:{case.id}:end",
            case=case,
        )
        context.say("marketing.restored", case=case, what=spoken(restored), reference=case.reference)
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)


def stopped_topics(context: Context) -> list[str]:
    """The marketing topics a request is about: those it named, else all of them."""
    optional = topics().optional
    named = [name for name in context.data.get("slots", {}).get("topics", ()) if name in optional]
    return named or list(optional)


def spoken(chosen: list[str]) -> str:
    """Topics in words."""
    known = topics()
    if set(chosen) == set(known.optional):
        return phrase("marketing.everything")
    return " and ".join(known.topics[name].label for name in chosen)
