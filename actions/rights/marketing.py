"""Direct marketing (UK GDPR Art. 21(2)-(3), policy 8.5 to 8.8): stopped at once, by anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations.models import Conversation
from actions.fulfilment import plans
from actions.identity.addresses import well_formed
from actions.identity.stages import due, long_date
from actions.mail import services as mail
from actions.preferences import consents
from actions.preferences import services as preferences
from actions.rights.ending import finish
from actions.rights.words import listing
from actions.settings import get_settings
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase, topics

# So many requests from one network within an hour are looked at by a person: nobody has that many addresses.
BURST = 25


class StopMarketing:
    """Suppress an address without asking who it is: stopping needs no proof and discloses nothing."""

    def enter(self, context: Context) -> Outcome:
        """Ask which address, unless it was said."""
        asked = set(context.data.get("slots", {}).get("topics", ()))
        if asked and not asked & set(topics().optional):
            note = "service messages only"
            cases.move(context.session, context.case, "fulfilled", by="assistant", note=note)
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
        return self.enter(context) if typed is None else self._stop(context, typed)

    def _stop(self, context: Context, typed: str) -> Outcome:
        address = well_formed(typed)
        if address is None:
            return context.ask("email", "identity.not_an_address")
        case, session = context.case, context.session
        stopped = named_topics(context)
        cases.move(session, case, "in_progress", by="contact", note="marketing stopped for an address")
        stop(context, address, stopped, reason="objection")
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
        finish(session, case, None, note="suppressed")
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
        case, session = context.case, context.session
        preferences.suppress(
            session,
            "phone",
            number,
            topics=named_topics(context),
            reason="objection",
            case_reference=case.reference,
        )
        if case.state == "draft":
            cases.move(session, case, "fulfilled", by="assistant", note="a number is suppressed")
        context.say("marketing.calls_stopped", case=case)
        return "over"


class WithdrawConsent:
    """Consent, as easily withdrawn as given (UK GDPR Art. 7(3)): no proof, and marketing stops at once."""

    def enter(self, context: Context) -> Outcome:
        """Ask which address gave it, unless it was said."""
        mentioned = context.value(context.data.get("entities", {}).get("email"))
        if mentioned is not None and context.current.awaits is None:
            return self._withdraw(context, mentioned)
        return context.ask("email", "consent.which_address", date=long_date(context))

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the address."""
        typed = context.value(given.fields.get("email"))
        return self.enter(context) if typed is None else self._withdraw(context, typed)

    def _withdraw(self, context: Context, typed: str) -> Outcome:
        address = well_formed(typed)
        if address is None:
            return context.ask("email", "identity.not_an_address")
        case, session = context.case, context.session
        stop(context, address, list(topics().optional), reason="consent_withdrawn")
        cases.move(
            session,
            case,
            "awaiting_approval",
            by="contact",
            note="marketing stopped; a person looks for more",
        )
        mail.post(
            session,
            "consent_withdrawn",
            address,
            case=case,
            key=f"case:{case.id}:notice",
            reference=case.reference,
            due=due(context),
            undo_url=f"{get_settings().effective_public_url}/#undo",
        )
        context.say(
            "consent.withdrawn", "object", "why_date", case=case, reference=case.reference, due=due(context)
        )
        return "over"


def stop(context: Context, address: str, stopped: Sequence[str], *, reason: str) -> None:
    """Stop topics for an address, on file or not, at once and for good, and tell those who send for us.

    Args:
        context: the turn; its case gets the address and the steps.
        address: normalised.
        stopped: the topics.
        reason: `objection` or `consent_withdrawn`.
    """
    case, session = context.case, context.session
    named = [name for name in context.data.get("slots", {}).get("channels", ()) if name in topics().channels]
    by_email = list(topics().channels_of("email"))
    if not named or set(named) & set(by_email):
        reference = case.reference
        preferences.suppress(
            session, "email", address, topics=stopped, reason=reason, case_reference=reference
        )
    consents.withdraw(session, address, topics=stopped, channels=named or by_email, case=case)
    case.address = address
    plans.plan_preferences(
        session, case, topics=stopped, channels=named or by_email, wanted=False, address=address
    )
    _look_out_for_bursts(context)


def named_topics(context: Context) -> list[str]:
    """The marketing topics a request is about: those it named, else all of them."""
    optional = topics().optional
    named = [name for name in context.data.get("slots", {}).get("topics", ()) if name in optional]
    return named or list(optional)


def spoken(chosen: Sequence[str]) -> str:
    """Topics in words."""
    known = topics()
    if set(chosen) == set(known.optional):
        return phrase("marketing.everything")
    return listing([known.topics[name].label for name in chosen])


def _look_out_for_bursts(context: Context) -> None:
    """Whoever stops marketing for many addresses gets it, and a person hears of it."""
    network = context.conversation.network
    if not network:
        return
    recent = context.session.scalar(
        select(func.count())
        .select_from(Case)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(
            Case.right.in_(("marketing_objection", "consent_withdrawal")),
            Case.received_at > context.at - timedelta(hours=1),
            Conversation.network == network,
        )
    )
    if (recent or 0) >= BURST:
        cases.raise_task(
            context.session,
            key=f"opt-out-burst:{context.at:%Y-%m-%dT%H}",
            kind="alert",
            text=phrase("task.burst", count=recent or 0),
            due_on=context.at.date(),
        )
