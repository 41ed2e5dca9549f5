"""Breach reports (UK GDPR Art. 33): the data protection officer is paged at once, and 72 hours run."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.clock import now
from actions.mail import services as mail
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import organisation, phrase

TASK = "breach"
HOURS = timedelta(hours=72)


class ReportBreach:
    """The first words are enough to page somebody; what happened is asked afterwards."""

    def enter(self, context: Context) -> Outcome:
        """Page the officer, and ask what happened."""
        if context.case.state == "draft":
            page(context.session, context.case, by="contact")
        return context.ask("value", "breach.what", "cancel.words", reference=context.case.reference)

    def receive(self, context: Context, given: Given) -> Outcome:
        """Keep the words with the case; even a report taken back is looked at."""
        if given.choice == "cancel" or (given.intent == "deny" and not given.fields):
            context.say("breach.looked_at_anyway", case=context.case, reference=context.case.reference)
            return "over"
        words = context.value(given.fields.get("value"))
        if words is None:
            return self.enter(context)
        context.case.details["words"] = words
        return "next"


class ThankForReport:
    """Say who has it."""

    def enter(self, context: Context) -> Outcome:
        """Thank, and write to whoever left an address."""
        case = context.case
        if case.address:
            mail.post(
                context.session,
                "breach_received",
                case.address,
                case=case,
                key=f"case:{case.id}:received",
                reference=case.reference,
            )
        context.say("recorded.breach_report", case=case, reference=case.reference)
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)


def report(session: Session, *, by: str, words: str, about: Case | None = None) -> Case:
    """Put a breach of our own on record, such as an answer to the wrong person, and page the officer.

    Args:
        session: a writing session.
        by: who noticed it.
        words: what happened; kept encrypted.
        about: the case whose answer it was.
    """
    at = now(session)
    case = cases.open_case(
        session, right="breach_report", conversation_id=None, received_at=at, channel="internal"
    )
    case.details["words"] = words
    if about is not None:
        cases.link(session, case, about, "related", by=by)
    page(session, case, by=by)
    return case


def page(session: Session, case: Case, *, by: str) -> None:
    """Tell the data protection officer, by a task that is due today and by a letter."""
    until = ends(case)
    cases.move(session, case, "awaiting_approval", by=by, note="the data protection officer is paged")
    cases.raise_task(
        session,
        key=f"case:{case.id}:breach",
        kind=TASK,
        text=phrase("task.breach", reference=case.reference),
        case=case,
        due_on=now(session).date(),
    )
    mail.post(
        session,
        "breach_page",
        organisation().privacy_team_email,
        case=case,
        key=f"case:{case.id}:page",
        reference=case.reference,
        until=until,
    )


def ends(case: Case) -> datetime:
    """Until when the regulator has to be told, where it has to be."""
    return case.received_at + HOURS
