"""Access (UK GDPR Art. 15; policy 12): own details, preferences and counts at once, as a card and by mail."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations.interfaces import Card, CardRow
from actions.crm.interfaces import Holdings
from actions.mail import services as mail
from actions.rights.copies import copy_attachment
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase, topics


class _FromHoldings:
    """A stage that needs what is held on a proven contact, and asks nothing."""

    def enter(self, context: Context) -> Outcome:
        """Serve, or say that nothing is held any more."""
        holdings = context.crm.holdings(context.data["contact_id"])
        if holdings is None:
            cases.move(
                context.session, context.case, "fulfilled", by="assistant", note="nothing held any more"
            )
            context.say("access.nothing_any_more")
        else:
            self.serve(context, holdings)
        return "over"

    def receive(self, context: Context, given: Given) -> Outcome:
        """Nothing is asked here."""
        return self.enter(context)

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Do what the request asks for."""
        raise RuntimeError("a stage must say how it serves")


class ShowHoldings(_FromHoldings):
    """Tell a proven contact what is held on them."""

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Show the card, send the same by mail, and close the case."""
        case = context.case
        cases.move(
            context.session, case, "fulfilled", by="assistant", note="own data shown in the conversation"
        )
        post_answer(context.session, case, holdings, case.address or "")
        context.say(
            "access.held",
            "rectify.after",
            "portability.after",
            "erase.intent",
            card=card(holdings),
            case=case,
            name=holdings.contact.first_name or phrase("someone"),
            reference=case.reference,
        )


class SendCopy(_FromHoldings):
    """Send a proven contact their details as a file (UK GDPR Art. 20; policy 12)."""

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Mail the file to the address that was proven, and close the case."""
        case = context.case
        post_copy(context.session, case, holdings, case.address or "")
        cases.move(context.session, case, "fulfilled", by="assistant", note="copy sent to the proven address")
        context.say("portability.sent", case=case, reference=case.reference)


def post_answer(session: Session, case: Case, holdings: Holdings, address: str) -> None:
    """Mail what is held, as the card shows it.

    Args:
        session: a writing session.
        case: the case it answers.
        holdings: what is held.
        address: where to; proven, or confirmed by an agent.
    """
    mail.post(
        session,
        "access_answer",
        address,
        case=case,
        key=f"case:{case.id}:answer",
        reference=case.reference,
        name=holdings.contact.first_name or phrase("someone"),
        summary="\n".join(f"{row['label']}: {row['value']}" for row in card(holdings)["rows"]),
    )


def post_copy(session: Session, case: Case, holdings: Holdings, address: str) -> None:
    """Mail the contact's details as a file; the arguments are those of `post_answer`."""
    mail.post(
        session,
        "copy_of_data",
        address,
        case=case,
        key=f"case:{case.id}:copy",
        attachments=(copy_attachment(holdings),),
        reference=case.reference,
    )


def card(holdings: Holdings) -> Card:
    """Everything of the contact's own that may be shown without a person reading it first."""
    contact = holdings.contact
    rows: list[CardRow] = [
        {"id": name, "label": phrase(f"field.{name}").capitalize(), "value": value}
        for name, value in contact.fields.items()
    ]
    if contact.other_emails:
        rows.append(
            {
                "id": "other_emails",
                "label": phrase("row.other_emails"),
                "value": ", ".join(contact.other_emails),
            }
        )
    rows.append({"id": "preferences", "label": phrase("row.preferences"), "value": preferences(holdings)})
    rows.append(
        {
            "id": "tracked_emails",
            "label": phrase("row.tracked_emails"),
            "value": phrase("row.tracked_emails.count", count=holdings.tracked_emails),
        }
    )
    if any(agreement.signatory for agreement in holdings.agreements):
        titles = ", ".join(agreement.title for agreement in holdings.agreements if agreement.signatory)
        rows.append({"id": "agreements", "label": phrase("row.agreements"), "value": titles})
    rows.append({"id": "added", "label": phrase("row.added"), "value": f"{contact.added_at:%-d %B %Y}"})
    return {"title": phrase("access.card"), "rows": rows}


def preferences(holdings: Holdings) -> str:
    """What the contact gets, in words."""
    known = topics()
    wanted = [
        phrase("row.preference", topic=known.topics[topic].label, channel=known.channels[channel].label)
        for (topic, channel), yes in sorted(holdings.preferences.items())
        if yes
    ]
    return ", ".join(wanted) if wanted else phrase("row.no_preferences")
