"""When an answer is due, by the rules in `data/deadlines.yml`."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from actions.cases.interfaces import RIGHTS
from actions.settings import get_settings
from actions.wording import organisation

ONE_DAY = timedelta(days=1)
SATURDAY = 5

StepKind = Literal["start", "months", "days", "last_day", "paused", "working", "weekend", "holiday"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clock(_Part):
    """How long there is for some rights, and on what ground."""

    months: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    working_day: bool
    says: str
    source: str
    rights: tuple[str, ...]


class _Paused(_Part):
    one: str
    many: str
    source: str


class _Shifted(_Part):
    weekend: str
    holiday: str
    source: str


class Wordings(_Part):
    """The sentences of an explanation, with `{on}` and the like."""

    start: str
    months: str
    days: str
    last_day: str
    paused: _Paused
    working: str
    shifted: _Shifted
    end: str


class Rules(_Part):
    """`data/deadlines.yml`, checked."""

    clocks: dict[str, Clock]
    steps: Wordings

    @model_validator(mode="after")
    def _every_right_once(self) -> Rules:
        named = sorted(right for clock in self.clocks.values() for right in clock.rights)
        if named != sorted(RIGHTS):
            raise ValueError("each right must be named by exactly one clock")
        return self

    def clock_of(self, right: str) -> Clock:
        """The clock that runs for a right."""
        return next(clock for clock in self.clocks.values() if right in clock.rights)


@dataclass(frozen=True)
class DeadlineStep:
    """One step of the count: where it leads to, and because of what (a bank holiday's name, a number)."""

    kind: StepKind
    on: date
    because: str = ""


@dataclass(frozen=True)
class Deadline:
    """The day by which an answer is due, and how it was counted."""

    due: date
    steps: tuple[DeadlineStep, ...]


def rules() -> Rules:
    """The rules in use.

    Raises:
        pydantic.ValidationError: the file is not as described above.
    """
    return _rules(get_settings().data / "deadlines.yml")


@lru_cache(maxsize=4)
def _rules(path: Path) -> Rules:
    return Rules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def zone() -> ZoneInfo:
    """The zone in which our days begin and end."""
    return ZoneInfo(organisation().timezone)


def local_date(at: datetime) -> date:
    """The calendar day of an instant, where the organisation is."""
    return at.astimezone(zone()).date()


def for_right(right: str, received: datetime, *, paused_days: int = 0) -> Deadline:
    """When a request under a right is due.

    Args:
        right: one of `interfaces.RIGHTS`.
        received: when the contact first asked.
        paused_days: days that are not counted (access only, while a clarification was awaited).
    """
    clock = rules().clock_of(right)
    return due_date(
        received,
        months=clock.months,
        days=clock.days,
        paused_days=paused_days,
        working_day=clock.working_day,
    )


def due_date(
    received: datetime,
    *,
    months: int = 1,
    days: int = 0,
    paused_days: int = 0,
    working_day: bool = True,
    nation: str | None = None,
) -> Deadline:
    """Count from a day: months, then days, then paused days, rolled forward once at the end.

    The same date so many months on; where there is none, the last day of that month; where that is a weekend
    or a bank holiday, the next working day (ICO, right of access, "How long do we have to comply?").

    Args:
        received: the instant counted from; its local day is day 0.
        months: calendar months.
        days: further days.
        paused_days: days that are not counted.
        working_day: whether to roll forward to a working day.
        nation: whose bank holidays; by default the organisation's.
    """
    on = local_date(received)
    steps = [DeadlineStep("start", on)]
    if months:
        wanted, on = on.day, _months_on(on, months)
        steps.append(DeadlineStep("months" if on.day == wanted else "last_day", on))
    if days:
        on += timedelta(days=days)
        steps.append(DeadlineStep("days", on, str(days)))
    if paused_days:
        on += timedelta(days=paused_days)
        steps.append(DeadlineStep("paused", on, str(paused_days)))
    if working_day:
        step = _rolled(on, nation or organisation().nation)
        on = step.on
        steps.append(step)
    return Deadline(on, tuple(steps))


def is_working_day(day: date, nation: str | None = None) -> bool:
    """Whether it is neither a weekend nor a bank holiday."""
    return day.weekday() < SATURDAY and day not in _bank_holidays(nation or organisation().nation)


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _rolled(on: date, nation: str) -> DeadlineStep:
    if is_working_day(on, nation):
        return DeadlineStep("working", on)
    first, holiday = on, str(_bank_holidays(nation).get(on) or "")
    while not is_working_day(on, nation):
        on += ONE_DAY
    if first.weekday() >= SATURDAY:
        return DeadlineStep("weekend", on, f"{first:%A}")
    return DeadlineStep("holiday", on, holiday)


@lru_cache(maxsize=4)
def _bank_holidays(nation: str) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv=nation)
