"""To be informed (UK GDPR Art. 13 and 14; policy 12, first row): where data came from and why."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.conversations.interfaces import Card, CardRow
from actions.crm.interfaces import Holdings
from actions.mail import services as mail
from actions.notices.interfaces import source_in_words
from actions.rights.access import FromHoldings
from actions.rights.ending import forget_address
from actions.rights.words import called, listing, recipients_in_words
from actions.tasks.context import Context
from actions.wording import phrase

ROWS = ("origin", "purpose", "basis", "recipients", "retention")


class TellOrigin(FromHoldings):
    """Tell a proven contact where their data came from, in the chat and by mail, at once."""

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Show the card, send the same by mail, and close the case."""
        case, session = context.case, context.session
        shown = card(session, holdings)
        mail.post(
            session,
            "information_answer",
            case.address or "",
            case=case,
            key=f"case:{case.id}:answer",
            reference=case.reference,
            name=called(holdings),
            rows="\n".join(f"- {row['label']}: {row['value']}" for row in shown["rows"]),
        )
        cases.move(session, case, "fulfilled", by="assistant", note="told at once")
        forget_address(session, case)
        context.say(
            "information.told",
            "access",
            "object",
            "erase.intent",
            card=shown,
            case=case,
            name=called(holdings),
            reference=case.reference,
        )


def card(session: Session, holdings: Holdings) -> Card:
    """What Art. 14(1) and (2) want told, for this contact."""
    contact = holdings.contact
    held = listing([phrase(f"field.{name}") for name in contact.fields])
    values = {
        "added": f"{contact.added_at:%-d %B %Y}",
        "source": source_in_words(contact.source),
        "who": "; ".join(recipients_in_words(session, contact.id)),
    }
    rows: list[CardRow] = [{"id": "held", "label": phrase("information.row.held"), "value": held}]
    for name in ROWS:
        label, text = phrase(f"information.row.{name}"), phrase(f"information.{name}", **values)
        rows.append({"id": name, "label": label, "value": text})
    return {"title": phrase("information.card"), "rows": rows}
