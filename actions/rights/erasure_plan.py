"""What an erasure does with each kind of record (UK GDPR Art. 17; policy 3, 9.4, 9.5)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from actions.cases.explain import long_date
from actions.conversations.interfaces import Card, CardRow
from actions.crm.interfaces import FIELD_NAMES, FieldName, Holdings
from actions.rights import grounds
from actions.rights.search import Found
from actions.rights.words import listing
from actions.wording import phrase
from actions.wording.interfaces import Risk
from actions.wording.services import identity_rules

Action = Literal["delete", "anonymise", "keep"]

KEPT_UNDER_AGREEMENT: tuple[FieldName, ...] = ("name", "surname", "email", "company")
AGREEMENT = "active_agreement"


@dataclass(frozen=True)
class Planned:
    """What happens with one kind of record.

    Attributes:
        record: which: a field of the CRM, or a kind such as `tracked_emails`.
        label: as people say it.
        action: what happens with it.
        ground: why it is kept, an id of `grounds.yml`; None when it is not.
        review_on: when that is looked at again; None while an agreement has no end.
        count: how many of them there are.
    """

    record: str
    label: str
    action: Action
    ground: str | None = None
    review_on: date | None = None
    count: int = 1


@dataclass(frozen=True)
class ErasurePlan:
    """The plan for a contact, record by record."""

    records: tuple[Planned, ...]

    def labels(self, action: Action, *, ground: str | None = None) -> list[str]:
        """What is done like this, in words; of what is kept, only what that ground keeps."""
        return [
            record.label for record in self.records if record.action == action and record.ground == ground
        ]

    @property
    def keep_fields(self) -> tuple[FieldName, ...]:
        """The fields of the CRM that stay."""
        kept = {record.record for record in self.records if record.action == "keep"}
        return tuple(name for name in FIELD_NAMES if name in kept)

    @property
    def ground(self) -> str | None:
        """What keeps fields of the CRM; None when none are kept."""
        return AGREEMENT if self.keep_fields else None

    @property
    def review_on(self) -> date | None:
        """When the ground that keeps fields is looked at again."""
        return next((record.review_on for record in self.records if record.ground == AGREEMENT), None)

    @property
    def needs_approval(self) -> bool:
        """Whether an agent looks first, by the table of `identity.yml`."""
        risk: Risk = "ordinary" if self.ground is None else "agreement"
        return identity_rules().needed("erasure", risk) == "code_and_agent"


def plan(
    holdings: Holdings, found: tuple[Found, ...], at: datetime, *, replaced: bool = False
) -> ErasurePlan:
    """Go through all that is held and say of each what happens with it.

    Args:
        holdings: what the CRM holds.
        found: what the other sources hold (`search`).
        at: now: review dates are counted from here.
        replaced: whether somebody else has taken the contact's place under the agreement.
    """
    agreement = None if replaced else holdings.active_agreement
    ends = agreement.ends_on if agreement else None

    def kept(record: str, label: str, ground: str, count: int = 1) -> Planned:
        review_on = grounds.review_date(ground, at, agreement_ends=ends)
        return Planned(record, label, "keep", ground, review_on, count)

    records = [
        kept(name, phrase(f"field.{name}"), AGREEMENT)
        if agreement and name in KEPT_UNDER_AGREEMENT
        else Planned(name, phrase(f"field.{name}"), "delete")
        for name in (holdings.contact.fields if holdings.contact.id else ())
    ]
    contact = holdings.contact
    for record, count in (
        ("other_emails", len(contact.other_emails)),
        ("further", len(holdings.further)),
        ("tracked_emails", holdings.tracked_emails),
        ("preferences", len(holdings.preferences)),
    ):
        if count:
            records.append(Planned(record, phrase(f"held.{record}", count=count), "delete", count=count))
    counts = {each.source: each.count for each in found}
    if tickets := counts.get("helpdesk", 0):
        label = phrase("held.tickets", count=tickets)
        records.append(
            kept("tickets", label, AGREEMENT, tickets)
            if agreement
            else Planned("tickets", label, "anonymise", count=tickets)
        )
    for record in ("chats", "letters"):
        if count := counts.get(record, 0):
            records.append(Planned(record, phrase(f"held.{record}", count=count), "delete", count=count))
    records.append(kept("suppression", phrase("erasure.fingerprint"), "no_marketing"))
    records.append(kept("case", phrase("erasure.record"), "request_record"))
    return ErasurePlan(tuple(records))


def card(found: ErasurePlan, holdings: Holdings) -> Card:
    """The plan as the contact sees it; the terms of an agreement are for its signatories only."""
    rows = [_row("deleted", listing(found.labels("delete")))]
    if anonymised := found.labels("anonymise"):
        rows.append(_row("anonymised", listing(anonymised)))
    if kept := found.labels("keep", ground=AGREEMENT):
        rows.append(
            _row("kept", phrase("erasure.kept_under_agreement", what=listing(kept), terms=_terms(holdings)))
        )
    for identifier, ground in (("fingerprint", "no_marketing"), ("record", "request_record")):
        planned = next(record for record in found.records if record.ground == ground)
        until = phrase("erasure.until", date=long_date(planned.review_on)) if planned.review_on else ""
        value = phrase(
            "erasure.kept_because", what=planned.label, why=grounds.to_keep(ground).says, until=until
        )
        rows.append(_row(identifier, value))
    return {"title": phrase("erasure.card"), "rows": rows}


def stored(found: ErasurePlan) -> dict[str, Any]:
    """The plan as plain data, kept with the case: what an agent reads, and what proves the decision."""
    records = [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(record).items()
        }
        for record in found.records
    ]
    return {
        "records": records,
        "delete": found.labels("delete") + found.labels("anonymise"),
        "keep": found.labels("keep", ground=AGREEMENT),
        "keep_fields": list(found.keep_fields),
        "ground": found.ground,
        "review_on": found.review_on.isoformat() if found.review_on else None,
    }


def _terms(holdings: Holdings) -> str:
    agreement = holdings.active_agreement
    if agreement is None or not agreement.signatory:
        return ""
    if agreement.ends_on is None:
        return phrase("erasure.terms_open", title=agreement.title)
    return phrase("erasure.terms", title=agreement.title, date=long_date(agreement.ends_on))


def _row(identifier: str, value: str) -> CardRow:
    return {"id": identifier, "label": phrase(f"erasure.row.{identifier}"), "value": value}
