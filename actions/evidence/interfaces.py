"""What one case's evidence consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from actions.conversations.interfaces import CardRow
from actions.retention.interfaces import Keeping


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class Clock:
    """Why the answer was due when it was, and whether it was in time.

    Attributes:
        days_taken: calendar days from the first words to the end; None while it is open.
        in_time: whether it did in time what its clock asks for; None while there is time for it.
        acknowledged_at: when the contact was told that it is on record.
    """

    received_at: datetime
    starts_at: datetime | None
    due_on: date
    closed_at: datetime | None
    days_taken: int | None
    in_time: bool | None
    acknowledged_at: datetime | None
    jurisdiction: str
    extended_at: datetime | None
    paused_days: int
    explanation: str
    rows: tuple[CardRow, ...]


@dataclass(frozen=True)
class Identity:
    """Who had to show what, and did."""

    needs: str
    proven: tuple[datetime, ...]
    shut: tuple[datetime, ...]
    doubt: str


@dataclass(frozen=True)
class Decision:
    """What a person decided."""

    decision: str
    by: str
    at: datetime | None
    reason: str
    ground: str


@dataclass(frozen=True)
class Planned:
    """What an erasure did with one kind of record, and on what ground."""

    label: str
    action: str
    ground: str
    review_on: date | None


@dataclass(frozen=True)
class Plan:
    """What an erasure took and left, in short and record by record."""

    deleted: tuple[str, ...]
    kept: tuple[str, ...]
    ground: str
    review_on: date | None
    records: tuple[Planned, ...]


@dataclass(frozen=True)
class Searched:
    """A place that was searched, or left out."""

    source: str
    label: str
    searched: bool
    found: int | None
    by: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Read:
    """A piece of free text that a person read before it was sent; its words are not kept."""

    number: int
    source: str
    verdict: str
    exemption: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class Step:
    """Something that was done, outside the conversation."""

    kind: str
    label: str
    proof: bool
    state: str
    planned_at: datetime
    done_at: datetime | None
    attempts: int
    trouble: str


@dataclass(frozen=True)
class Told:
    """Somebody who had been given the data, and what came of telling them."""

    recipient: str
    about: str
    state: str
    at: datetime | None
    by: str
    note: str


@dataclass(frozen=True)
class LetterAsSent:
    """A letter, word for word; without its words once retention has taken them."""

    posted_at: datetime
    sent_at: datetime | None
    template: str
    version: int
    to: str
    subject: str
    text: str
    attachments: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Task:
    """Something a person had to do."""

    kind: str
    text: str
    created_at: datetime
    due_on: date | None
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True)
class Entry:
    """An entry of the audit trail; `holds` says that its hash fits what stands in it."""

    id: int
    at: datetime
    actor: str
    action: str
    details: dict[str, Any]
    previous_hash: str
    hash: str
    holds: bool


@dataclass(frozen=True)
class Trail:
    """The entries about the case, and whether the whole chain they are part of is unbroken."""

    entries: tuple[Entry, ...]
    chain_entries: int
    chain_head: str
    chain_broken: str


@dataclass(frozen=True)
class Evidence:
    """All of it."""

    organisation: str
    regulator: str
    policy_version: str
    written_at: datetime
    reference: str
    right: str
    right_label: str
    state: str
    channel: str
    contact_id: str
    assigned_to: str
    tags: tuple[str, ...]
    linked: tuple[str, ...]
    asked: tuple[CardRow, ...]
    story: tuple[Line, ...]
    clock: Clock
    identity: Identity
    decision: Decision | None
    plan: Plan | None
    searches: tuple[Searched, ...]
    read: tuple[Read, ...]
    steps: tuple[Step, ...]
    told: tuple[Told, ...]
    letters: tuple[LetterAsSent, ...]
    tasks: tuple[Task, ...]
    holds: tuple[Line, ...]
    keeping: tuple[Keeping, ...]
    trail: Trail
