"""What a contact gets from us, topic by channel, and on what word of theirs."""

from __future__ import annotations

from actions.cases import services as cases
from actions.conversations.interfaces import Card, CardRow
from actions.crm.interfaces import Holdings
from actions.preferences import consents
from actions.preferences import services as preferences
from actions.rights.access import FromHoldings
from actions.rights.ending import forget_address
from actions.rights.opting_in import NUMBERS
from actions.rights.words import called, listing
from actions.tasks.context import Context
from actions.wording import phrase, topics


class ShowPreferences(FromHoldings):
    """Show a proven contact their preferences, with the buttons to change them."""

    def serve(self, context: Context, holdings: Holdings) -> None:
        """Show the card and close the case."""
        case, session = context.case, context.session
        cases.move(session, case, "fulfilled", by="assistant", note="preferences shown")
        forget_address(session, case)
        context.say(
            "preferences.shown",
            "opt_out",
            "opt_in",
            card=_card(context, holdings),
            case=case,
            name=called(holdings),
        )


def _card(context: Context, holdings: Holdings) -> Card:
    address = context.case.address or holdings.contact.email
    stopped = {
        "email": preferences.suppressed_topics(context.session, "email", address),
        "phone": _stopped_by_phone(context, holdings),
    }
    rows: list[CardRow] = []
    for name, topic in topics().topics.items():
        over = [
            channel.label
            for key, channel in topics().channels.items()
            if holdings.preferences.get((name, key)) and name not in stopped.get(channel.address, ())
        ]
        value = phrase("preferences.on", how=listing(over)) if over else phrase("preferences.off")
        if topic.kind == "service":
            value = phrase("preferences.service", value=value)
        rows.append({"id": name, "label": topic.label.capitalize(), "value": value})
    given = [
        phrase("preferences.consent", on=f"{consent.given_at:%-d %B %Y}", wording=consent.wording)
        for consent in consents.standing(context.session, address)
    ]
    if given:
        rows.append({"id": "consent", "label": phrase("preferences.row.consent"), "value": " ".join(given)})
    return {"title": phrase("preferences.card"), "rows": rows}


def _stopped_by_phone(context: Context, holdings: Holdings) -> frozenset[str]:
    """What none of the contact's numbers may be called or texted about."""
    numbers = [holdings.contact.fields[name] for name in NUMBERS if name in holdings.contact.fields]
    stopped = [preferences.suppressed_topics(context.session, "phone", number) for number in numbers]
    return frozenset.intersection(*stopped) if stopped else frozenset()
