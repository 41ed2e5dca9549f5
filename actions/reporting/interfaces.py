"""What a month's report consists of; it names nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from statistics import median

OUTCOMES = {
    "fulfilled": "fulfilled",
    "refused": "refused",
    "withdrawn": "taken back",
    "expired": "never finished",
}
"""How a request may end, and how the report says it."""


@dataclass(frozen=True)
class Month:
    """A calendar month, where the organisation is."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Month:
        """A month as `2026-11`.

        Raises:
            ValueError: it is none.
        """
        first = date.fromisoformat(f"{text}-01")
        return cls(first.year, first.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def next(self) -> Month:
        """The month after."""
        return self.back(-1)

    def back(self, months: int) -> Month:
        """The month so many months before."""
        years, number = divmod(self.number - 1 - months, 12)
        return Month(self.year + years, number + 1)

    @property
    def title(self) -> str:
        """As people write it: `November 2026`."""
        return f"{self.first:%B %Y}"

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"


@dataclass(frozen=True)
class Closed:
    """A request that was closed in the month.

    Attributes:
        days: calendar days from the first words to the end.
        by_person: whether a person decided it.
    """

    reference: str
    right: str
    outcome: str
    days: int
    in_time: bool
    by_person: bool
    ground: str


@dataclass(frozen=True)
class Late:
    """A request that was still open at the end of the month, after its due date."""

    reference: str
    right: str
    due_on: date
    days: int


@dataclass(frozen=True)
class RightFigures:
    """One right in the month."""

    right: str
    label: str
    received: int
    closed: tuple[Closed, ...]

    @cached_property
    def answered(self) -> tuple[Closed, ...]:
        """Those that got an answer: fulfilled or refused."""
        return tuple(one for one in self.closed if one.outcome in ("fulfilled", "refused"))

    @property
    def median_days(self) -> float | None:
        """Days until the answer, the middle of all; None when there was none."""
        return median(one.days for one in self.answered) if self.answered else None

    @property
    def slowest_days(self) -> int | None:
        """Days until the answer, the longest."""
        return max((one.days for one in self.answered), default=None)

    @property
    def in_time(self) -> int:
        """How many answers were in time."""
        return sum(one.in_time for one in self.answered)

    def outcome(self, name: str) -> int:
        """How many ended so."""
        return sum(one.outcome == name for one in self.closed)


@dataclass(frozen=True)
class Figures:
    """All of a month.

    Attributes:
        until: the instant up to which it is counted: the end of the month, or now.
        over: whether the month is over.
        by_day: requests received, by day of the month.
        trend: requests received by month, the last twelve, the oldest first.
        unfinished: received in the month, and nobody has shown yet who asked.
        open_at_end: how many were open at the end, unfinished ones left out.
        paused: how many of the month's closed cases had days that are not counted.
        extended: how many deadlines were extended in the month.
        expired_data: what retention deleted, by rule.
    """

    organisation: str
    month: Month
    written_at: datetime
    until: datetime
    over: bool
    by_day: dict[date, int]
    trend: dict[Month, int]
    rights: tuple[RightFigures, ...]
    unfinished: int
    open_at_end: int
    late: tuple[Late, ...]
    paused: int
    extended: int
    holds: int
    expired_data: dict[str, int] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """How many came in."""
        return sum(self.by_day.values())

    @cached_property
    def closed(self) -> tuple[Closed, ...]:
        """All that was closed."""
        return tuple(one for right in self.rights for one in right.closed)

    @cached_property
    def answered(self) -> tuple[Closed, ...]:
        """All that got an answer."""
        return tuple(one for right in self.rights for one in right.answered)

    @property
    def refused(self) -> tuple[Closed, ...]:
        """All that was refused."""
        return tuple(one for one in self.closed if one.outcome == "refused")

    @property
    def in_time(self) -> int:
        """How many answers were in time."""
        return sum(one.in_time for one in self.answered)

    @property
    def without_a_person(self) -> int:
        """How many were fulfilled without anybody having to decide."""
        return sum(one.outcome == "fulfilled" and not one.by_person for one in self.closed)
