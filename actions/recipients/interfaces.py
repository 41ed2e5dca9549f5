"""Who receives data, what is on record about a contact, and what came of telling them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import model_validator

from actions.crm.interfaces import FieldName
from actions.wording.interfaces import Strict

About = Literal["rectification", "erasure", "restriction", "restriction_lifted", "marketing_objection"]
NoticeState = Literal["to_tell", "told", "not_needed", "with_a_person", "confirmed", "impossible"]


class Recipient(Strict):
    """Somebody who is given contacts' details (`recipients.yml`)."""

    name: str
    role: Literal["processor", "controller"]
    does: str
    section: str
    given: Literal["everybody", "recorded"]
    receives: tuple[FieldName, ...]
    told_by: Literal["email", "person", "storage"]
    address: str = ""
    marketing: bool = False

    @model_validator(mode="after")
    def _reachable(self) -> Recipient:
        if (self.told_by == "email") != bool(self.address):
            raise ValueError("an address belongs to those who are told by email, and only to them")
        return self


class Recipients(Strict):
    """All of them, by id."""

    recipients: dict[str, Recipient]


@dataclass(frozen=True)
class Disclosed:
    """One recipient of one contact's details, as a contact who asks is told.

    Attributes:
        id: the recipient's id in `recipients.yml`.
        what: which of the contact's details they were given.
        since: when they were first given them; None when they hold our records for us from the first day.
    """

    id: str
    name: str
    does: str
    role: str
    section: str
    what: tuple[FieldName, ...]
    since: datetime | None


@dataclass(frozen=True)
class Outcome:
    """What came of telling one recipient, for the case's record."""

    notice_id: int
    recipient: str
    name: str
    about: str
    state: str
    at: datetime | None
    note: str
