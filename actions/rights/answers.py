"""How an answer to a request for access is put: as a card, as lines of a letter, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from actions.conversations.interfaces import Card, CardRow
from actions.crm.interfaces import Holdings
from actions.rights import sources
from actions.rights.search import Found
from actions.rights.words import listing
from actions.wording import phrase, topics


@dataclass(frozen=True)
class Answer:
    """What could be answered at once, and what is left to people.

    Attributes:
        found: what each connected source holds.
        to_read: how many pieces of free text an agent has to read.
        to_search: the ids of the sources that a person has to look through.
    """

    found: tuple[Found, ...]
    to_read: int
    to_search: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return not self.to_read and not self.to_search


def follows(answer: Answer) -> str:
    """What is still to come, in words."""
    parts = []
    if answer.to_read:
        parts.append(
            phrase("access.to_read.one" if answer.to_read == 1 else "access.to_read", count=answer.to_read)
        )
    if answer.to_search:
        labels = [sources.sources()[name].label for name in answer.to_search]
        parts.append(phrase("access.to_search", places=listing(labels)))
    return " ".join(parts)


def card(holdings: Holdings, found: tuple[Found, ...]) -> Card:
    """Everything of the contact's own that may be shown without a person reading it first."""
    rows = own_rows(holdings)
    rows.append({"id": "searched", "label": phrase("row.searched"), "value": listing(counted(found))})
    not_searched = listing([source.label for source in sources.left_out().values()])
    rows.append({"id": "not_searched", "label": phrase("row.not_searched"), "value": not_searched})
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


def own_rows(holdings: Holdings) -> list[CardRow]:
    """The contact's own details, preferences and counts."""
    contact = holdings.contact
    if not contact.id:
        return [_row("crm", sources.sources()["crm"].label.capitalize(), phrase("access.not_in_records"))]
    rows: list[CardRow] = [
        _row(name, phrase(f"field.{name}").capitalize(), value) for name, value in contact.fields.items()
    ]
    if contact.other_emails:
        rows.append(_row("other_emails", phrase("row.other_emails"), ", ".join(contact.other_emails)))
    for kind in dict.fromkeys(each.kind for each in holdings.further):
        values = [each.value for each in holdings.further if each.kind == kind]
        rows.append(_row(kind, phrase(f"further.{kind}").capitalize(), "; ".join(values)))
    rows.append(_row("preferences", phrase("row.preferences"), preferences(holdings)))
    emails = phrase("row.tracked_emails.count", count=holdings.tracked_emails)
    rows.append(_row("tracked_emails", phrase("row.tracked_emails"), emails))
    signed = [agreement.title for agreement in holdings.agreements if agreement.signatory]
    if signed:
        rows.append(_row("agreements", phrase("row.agreements"), ", ".join(signed)))
    rows.append(_row("added", phrase("row.added"), f"{contact.added_at:%-d %B %Y}"))
    return rows


def of_source(found: Found) -> CardRow:
    """What a source holds of somebody who is not on file."""
    source = sources.sources()[found.source]
    return _row(
        found.source, source.label.capitalize(), source.holds if found.reached else phrase("held.later")
    )


def _row(identifier: str, label: str, value: str) -> CardRow:
    return {"id": identifier, "label": label, "value": value}


def counted(found: tuple[Found, ...], *, with_use: bool = False) -> list[str]:
    """Every source that was looked through, with how much is there.

    Args:
        found: what was found.
        with_use: whether to say of those that hold something what that is, and what for.
    """
    told = []
    for each in found:
        source = sources.sources()[each.source]
        count = each.count or phrase("held.nothing" if each.reached else "held.later")
        name = "access.searched_what" if with_use and each.count else "access.searched"
        values = {"holds": source.holds} if name == "access.searched_what" else {}
        told.append(phrase(name, source=source.label, count=count, **values))
    return told
