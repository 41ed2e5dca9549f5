"""Opting in again (UK GDPR Art. 7): with a code, and a record of the consent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.crm.interfaces import FieldName, Holdings
from actions.fulfilment import plans
from actions.identity.stages import hand_over
from actions.mail import services as mail
from actions.preferences import consents
from actions.preferences import services as preferences
from actions.rights.ending import finish
from actions.rights.marketing import named_topics, spoken
from actions.rights.words import listing
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase, topics

NUMBERS: tuple[FieldName, ...] = ("work_telephone", "mobile_telephone")


class StartMarketing:
    """Lift the suppression of a proven address, for the topics and channels that were named."""

    def enter(self, context: Context) -> Outcome:
        """Lift it, set the CRM's preferences by the journal, and say so."""
        case = context.case
        wanted, channels = named_topics(context), named_channels(context)
        case.details["wanted"] = {"topics": wanted, "channels": channels}
        if context.data.get("doubt"):
            return hand_over(context)
        start(context.session, case, context.crm.holdings(context.data.get("contact_id", "")), by="contact")
        unknown = "contact_id" not in context.data
        name = "marketing.restored_unknown" if unknown else "marketing.restored"
        context.say(name, case=case, what=spoken(wanted), how=in_words(channels), reference=case.reference)
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)


def start(session: Session, case: Case, holdings: Holdings | None, *, by: str) -> None:
    """Let topics be sent again to a proven address, and record the consent.

    Args:
        session: a writing session.
        case: a request to opt in, with its address and what is wanted (`details["wanted"]`).
        holdings: what is held on the contact; None when the address is not on file.
        by: who gave the word: `contact`, or the agent who confirmed who they are.
    """
    address = case.address or (holdings.contact.email if holdings else "")
    wanted, channels = case.details["wanted"]["topics"], case.details["wanted"]["channels"]
    cases.move(session, case, "in_progress", by=by, note="consent given with identity proven")
    if set(channels) & set(topics().channels_of("email")):
        preferences.lift(session, "email", address, topics=wanted)
    if holdings is not None and set(channels) & set(topics().channels_of("phone")):
        for number in (holdings.contact.fields.get(name) for name in NUMBERS):
            if number:
                preferences.lift(session, "phone", number, topics=wanted)
    wording = phrase("marketing.consent", what=spoken(wanted), how=in_words(channels))
    consents.record(session, address, topics=wanted, channels=channels, wording=wording, case=case)
    if holdings is not None:
        contact_id = holdings.contact.id
        plans.plan_preferences(
            session, case, topics=wanted, channels=channels, wanted=True, contact_id=contact_id
        )
    else:
        cases.raise_task(
            session,
            key=f"case:{case.id}:add",
            kind="new_contact",
            text=phrase("task.new_contact", reference=case.reference),
            case=case,
        )
    mail.post(
        session,
        "marketing_restored",
        address,
        case=case,
        key=f"case:{case.id}:notice",
        what=spoken(wanted),
        how=in_words(channels),
        wording=wording,
        reference=case.reference,
    )
    finish(session, case, None, note="consent recorded")


def named_channels(context: Context) -> list[str]:
    """The channels a request named, else email."""
    named = context.data.get("slots", {}).get("channels", ())
    return [name for name in named if name in topics().channels] or list(topics().channels_of("email"))


def in_words(channels: Sequence[str]) -> str:
    """Channels in words."""
    return listing([topics().channels[name].label for name in channels])
