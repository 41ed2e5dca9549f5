"""The stages of what situations start, and of requests that a person serves instead of a code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from actions.cases import services as cases
from actions.cases.explain import long_date
from actions.fulfilment import plans
from actions.identity import services as identity
from actions.identity.addresses import well_formed
from actions.identity.stages import due
from actions.mail import services as mail
from actions.preferences import services as preferences
from actions.situations import services as situations
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase, topics

BREACH_DAYS = 3
"""UK GDPR Art. 33: a breach is told to the regulator within 72 hours."""


class HowToReach:
    """Where a person can reach a contact whose request they serve: any way the contact chooses, or here."""

    def enter(self, context: Context) -> Outcome:
        """Ask, unless a proven address serves."""
        why = self._why(context)
        proven = identity.proven_address(context.session, context.conversation)
        if proven is not None and why != "domestic":
            context.case.address = proven
            return "next"
        return context.ask("value", f"reach.{why}", "answer_here")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Keep the words with the case, encrypted."""
        if given.choice == "answer_here" or given.intent == "deny":
            return "next"
        words = context.value(given.fields.get("value"))
        if words is None:
            return self.enter(context)
        context.case.details["reach"] = words
        address = well_formed(words)
        if address is not None and self._why(context) != "domestic":
            context.case.address = address
        return "next"

    def _why(self, context: Context) -> str:
        return str(context.data.get("by_person") or "adjustment")


class HandToPerson:
    """Record the request for a person, who makes sure in their own way who is asking."""

    def enter(self, context: Context) -> Outcome:
        """Move the case on, and tell the contact; by mail too where that is safe."""
        session, case = context.session, context.case
        situations.mark(session, context.conversation.id, case)
        cases.move(
            session, case, "awaiting_approval", by="assistant", note="a person makes sure who is asking"
        )
        _acknowledge(context)
        context.say(
            "reach.noted",
            "why_date",
            case=case,
            what=phrase(f"request.{context.current.intent}"),
            reference=case.reference,
            due=due(context),
        )
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)


class StopForTheDead:
    """Stop everything to the address of somebody who has died, on file or not, and say nothing about it."""

    def enter(self, context: Context) -> Outcome:
        """Ask which address, unless it was said."""
        mentioned = context.value(context.data.get("entities", {}).get("email"))
        if mentioned is not None and context.current.awaits is None:
            return self._stop(context, mentioned)
        return context.ask("email", "situation.death.address", "cancel.no_address")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the address, or that it is not known."""
        if given.choice == "cancel" or given.intent == "deny":
            return "next"
        typed = context.value(given.fields.get("email"))
        return self.enter(context) if typed is None else self._stop(context, typed)

    def _stop(self, context: Context, typed: str) -> Outcome:
        address = well_formed(typed)
        if address is None:
            return context.ask("email", "identity.not_an_address", "cancel.no_address")
        _stop(context, address, tuple(topics().topics), reason="bereavement")
        # The case is about them; the address the answer goes to is asked for next.
        context.case.details["deceased"] = address
        context.say("situation.death.stopped")
        return "next"


class RecordBereavement:
    """Hand the matter to a person; there is nothing to prove yet, and nothing is disclosed."""

    def enter(self, context: Context) -> Outcome:
        """Record it."""
        session, case = context.session, context.case
        cases.add_tag(session, case, "deceased", by="assistant")
        cases.raise_task(
            session,
            key=f"case-{case.id}-deceased",
            kind="deceased",
            text=f"{case.reference}: a death was reported. Answer the family; disclose nothing unchecked.",
            case=case,
            due_on=context.at.date() + timedelta(days=1),
        )
        return "next"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)


class CheckSuppression:
    """Mail came although it was stopped: stop it again, and look whether it went to a suppressed address.

    A complaint needs no proof, and is on record and with a person from its first words (DPA 2018 s.164A).
    """

    def enter(self, context: Context) -> Outcome:
        """Ask which address it came to, unless it was said."""
        if context.case.state == "draft":
            note = "mail although it was stopped: a complaint, acknowledged at once"
            cases.move(context.session, context.case, "awaiting_approval", by="contact", note=note)
        mentioned = context.value(context.data.get("entities", {}).get("email"))
        if mentioned is None:
            mentioned = identity.proven_address(context.session, context.conversation)
        if mentioned is not None and context.current.awaits is None:
            return self._check(context, mentioned)
        return context.ask("email", "situation.still_mailed.address")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the address."""
        typed = context.value(given.fields.get("email"))
        return self.enter(context) if typed is None else self._check(context, typed)

    def _check(self, context: Context, typed: str) -> Outcome:
        address = well_formed(typed)
        if address is None:
            return context.ask("email", "identity.not_an_address")
        before = preferences.standing(context.session, "email", address)
        _stop(context, address, topics().optional, reason="objection")
        context.case.address = address
        if before.topics or before.erased_at is not None:
            self._alert(context)
        # The same words whether it was suppressed or not: only whoever has proven the address may learn that.
        context.say("situation.still_mailed.stopped")
        return "next"

    def _alert(self, context: Context) -> None:
        case = context.case
        cases.raise_task(
            context.session,
            key=f"case-{case.id}-suppressed-mail",
            kind="breach_alert",
            text=f"{case.reference}: mail may have gone to a suppressed address. Find out within 72 hours.",
            case=case,
            due_on=case.received_at.date() + timedelta(days=BREACH_DAYS),
        )


def _stop(context: Context, address: str, stopped: Sequence[str], *, reason: str) -> None:
    """Stop topics for an address, on file or not, in our list and in the CRM."""
    session, case = context.session, context.case
    preferences.suppress(
        session, "email", address, topics=list(stopped), reason=reason, case_reference=case.reference
    )
    plans.plan_preferences(
        session,
        case,
        topics=list(stopped),
        channels=list(topics().channels_of("email")),
        wanted=False,
        address=address,
    )


def _acknowledge(context: Context) -> None:
    """The receipt by mail, where there is an address; it is held back where mail is not safe."""
    case = context.case
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
