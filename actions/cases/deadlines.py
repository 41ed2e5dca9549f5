"""When an answer is due, by the rules in `data/deadlines.yml`, and how that was counted."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from actions.cases.rules import rules
from actions.wording import organisation

ONE_DAY = timedelta(days=1)
SATURDAY = 5

StepKind = Literal[
    "start",
    "proof",
    "months",
    "extended",
    "days",
    "hours",
    "last_day",
    "paused",
    "working",
    "weekend",
    "holiday",
]


@dataclass(frozen=True)
class Pause:
    """Days on which the clock stood still, both and all between; without an end, until today."""

    asked_on: date
    answered_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """What the due date of a request hangs on.

    Attributes:
        right: one of `interfaces.RIGHTS`.
        received: when the contact first asked, whatever was proven later.
        starts: when the proof came that an agent counts from; None for the first words.
        extended: whether the time was extended.
        pauses: while something was asked; days that several pauses share are left out once.
        jurisdiction: whose law it is; the rules say under which one pauses count.
    """

    right: str
    received: datetime
    starts: datetime | None = None
    extended: bool = False
    pauses: tuple[Pause, ...] = ()
    jurisdiction: str = "uk"


@dataclass(frozen=True)
class DeadlineStep:
    """One step of the count: where it leads to, and because of what.

    Attributes:
        kind: which rule.
        on: the date it leads to.
        because: a number, a bank holiday's or a weekday's name, or the date it would be otherwise.
        first: of a pause, the day of asking.
        last: of a pause, the day of the answer; None while it is awaited.
    """

    kind: StepKind
    on: date
    because: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Deadline:
    """The day by which an answer is due, and how it was counted.

    Attributes:
        due: the day, where the organisation is.
        steps: the count, in order.
        at: the instant, where hours are counted.
    """

    due: date
    steps: tuple[DeadlineStep, ...]
    at: datetime | None = None


def zone() -> ZoneInfo:
    """The zone in which our days begin and end."""
    return ZoneInfo(organisation().timezone)


def local_date(at: datetime) -> date:
    """The calendar day of an instant, where the organisation is."""
    return at.astimezone(zone()).date()


def for_right(right: str, received: datetime) -> Deadline:
    """When a request under a right is due, with nothing that stops, starts or extends the clock."""
    return counted(Facts(right, received))


def for_notice(added: datetime) -> Deadline:
    """By when a new contact must have been told that we hold their data (UK GDPR Art. 14; policy 12)."""
    return due_date(added, months=0, days=rules().clocks["notice"].days, working_day=False)


def counted(facts: Facts, *, today: date | None = None, nation: str | None = None) -> Deadline:
    """When a request is due: start plus months plus paused days, rolled forward once at the end.

    Args:
        facts: what it hangs on.
        today: until when a pause without an end is counted; by default its first day only.
        nation: whose bank holidays; by default the organisation's.
    """
    clock = rules().clock_of(facts.right)
    pauses = facts.pauses if rules().may_pause(facts.right, facts.jurisdiction) else ()
    later = facts.starts is not None and local_date(facts.starts) > local_date(facts.received)
    months = rules().extension.months if facts.extended else clock.months
    deadline = due_date(
        facts.starts if later and facts.starts is not None else facts.received,
        months=months,
        days=clock.days,
        hours=clock.hours,
        pauses=pauses,
        working_day=clock.working_day,
        today=today,
        nation=nation,
    )
    steps = deadline.steps
    if facts.extended:
        steps = tuple(_as_extension(step, months) for step in steps)
    if later:
        otherwise = counted(replace(facts, starts=None), today=today, nation=nation).due
        proof = DeadlineStep("proof", steps[0].on, otherwise.isoformat())
        steps = (DeadlineStep("start", local_date(facts.received)), proof, *steps[1:])
    return Deadline(deadline.due, steps, deadline.at)


def due_date(
    received: datetime,
    *,
    months: int = 1,
    days: int = 0,
    hours: int = 0,
    pauses: Iterable[Pause] = (),
    working_day: bool = True,
    today: date | None = None,
    nation: str | None = None,
) -> Deadline:
    """Count from a day: months, then days, then paused days, rolled forward once at the end.

    The same date so many months on; where there is none, the last day of that month; where that is a weekend
    or a bank holiday, the next working day (ICO, right of access, "How long do we have to comply?").

    Args:
        received: the instant counted from; its local day is day 0.
        months: calendar months.
        days: further days.
        hours: elapsed hours instead, to the minute.
        pauses: days that are not counted; those before the start are no part of the time.
        working_day: whether to roll forward to a working day.
        today: until when a pause without an end is counted; by default its first day only.
        nation: whose bank holidays; by default the organisation's.
    """
    on = local_date(received)
    start, at = on, None
    steps = [DeadlineStep("start", on)]
    if hours:
        at = received + timedelta(hours=hours)
        on = local_date(at)
        steps.append(DeadlineStep("hours", on, str(hours)))
    if months:
        wanted, on = on.day, months_on(on, months)
        steps.append(DeadlineStep("months" if on.day == wanted else "last_day", on, str(months)))
    if days:
        on += timedelta(days=days)
        steps.append(DeadlineStep("days", on, str(days)))
    for pause, left_out in _left_out(pauses, start, today):
        on += timedelta(days=left_out)
        steps.append(DeadlineStep("paused", on, str(left_out), pause.asked_on, pause.answered_on))
    if working_day:
        step = _rolled(on, nation or organisation().nation)
        on = step.on
        steps.append(step)
    return Deadline(on, tuple(steps), at)


def paused_days(facts: Facts, *, today: date | None = None) -> int:
    """How many days are left out in all; the arguments are those of `counted`."""
    return sum(int(step.because) for step in counted(facts, today=today).steps if step.kind == "paused")


def is_working_day(day: date, nation: str | None = None) -> bool:
    """Whether it is neither a weekend nor a bank holiday."""
    return day.weekday() < SATURDAY and day not in _bank_holidays(nation or organisation().nation)


def months_on(day: date, months: int) -> date:
    """The same date so many months later, or the last day of that month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _left_out(pauses: Iterable[Pause], start: date, today: date | None) -> Iterable[tuple[Pause, int]]:
    """Each pause with the days it adds: the day of asking, that of the answer, and all between, each once."""
    counted_until = start - ONE_DAY
    for pause in sorted(pauses, key=lambda pause: pause.asked_on):
        last = pause.answered_on or max(today or pause.asked_on, pause.asked_on)
        first = max(pause.asked_on, counted_until + ONE_DAY)
        if last >= first:
            yield replace(pause, asked_on=first), (last - first).days + 1
            counted_until = last


def _as_extension(step: DeadlineStep, months: int) -> DeadlineStep:
    return DeadlineStep("extended", step.on, str(months)) if step.kind in ("months", "last_day") else step


def _rolled(on: date, nation: str) -> DeadlineStep:
    if is_working_day(on, nation):
        return DeadlineStep("working", on)
    first, holiday = on, str(_bank_holidays(nation).get(on) or "")
    while not is_working_day(on, nation):
        on += ONE_DAY
    if first.weekday() >= SATURDAY:
        return DeadlineStep("weekend", on, f"{first:%A}")
    return DeadlineStep("holiday", on, holiday)


@lru_cache(maxsize=8)
def _bank_holidays(nation: str) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv=nation)
