"""To be informed (UK GDPR Art. 13 and 14; policy 12, first row): where data came from and why."""

from __future__ import annotations

from actions.cases import services as cases
from actions.conversations.interfaces import Card, CardRow
from actions.crm.interfaces import Holdings
from actions.mail import services as mail
from actions.rights.access import FromHoldings
from actions.rights.ending import forget_address
from actions.rights.words import called, listing
from actions.tasks.context import Context
from actions.wording import phrase

ROWS = ("origin", "purpose", "basis", "recipients", "retention")


class TellOrigin(FromHoldings):
    """Tell a proven contact where their data came from, in the chat and by mail, at once."""

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Show the card, send the same by mail, and close the case."""
        case, session = context.case, context.session
        shown = card(holdings)
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


def card(holdings: Holdings) -> Card:
    """What Art. 14(1) and (2) want told, for this contact."""
    held = listing([phrase(f"field.{name}") for name in holdings.contact.fields])
    values = {"held": held, "added": f"{holdings.contact.added_at:%-d %B %Y}"}
    rows: list[CardRow] = [{"id": "held", "label": phrase("information.row.held"), "value": held}]
    for name in ROWS:
        label, text = phrase(f"information.row.{name}"), phrase(f"information.{name}", **values)
        rows.append({"id": name, "label": label, "value": text})
    return {"title": phrase("information.card"), "rows": rows}
