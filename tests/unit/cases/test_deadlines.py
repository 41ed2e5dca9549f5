"""Due dates: the regulator's own examples, and the rule itself over ten years of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from actions.cases.deadlines import due_date, for_right, is_working_day
from actions.cases.interfaces import RIGHTS

NATIONS = ("ENG", "WLS", "SCT", "NIR")
FIRST, LAST = date(2024, 1, 1), date(2033, 12, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def first_working_day(day: date, nation: str) -> date:
    while not is_working_day(day, nation):
        day += timedelta(days=1)
    return day


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2024, 11, 25), date(2024, 12, 27)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2025, 9, 3), date(2025, 10, 3)),
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2026, 11, 23), date(2026, 12, 23)),
        (date(2026, 11, 28), date(2026, 12, 29)),
        (date(2026, 3, 3), date(2026, 4, 7)),
    ],
    ids=["christmas", "leap-year", "short-month", "plain", "weekend", "today", "boxing-day-moved", "easter"],
)
def test_the_regulators_examples(received: date, due: date) -> None:
    assert due_date(noon(received)).due == due


def test_the_bank_holidays_of_england_in_2026() -> None:
    closed = {
        day for day in DAYS if day.year == 2026 and day.weekday() < 5 and not is_working_day(day, "ENG")
    }
    assert sorted(f"{day:%d %b}" for day in closed) == sorted(
        ["01 Jan", "03 Apr", "06 Apr", "04 May", "25 May", "31 Aug", "25 Dec", "28 Dec"]
    )


@pytest.mark.parametrize("nation", NATIONS)
def test_over_ten_years_it_is_a_month_on_or_the_first_working_day_after(nation: str) -> None:
    previous = FIRST
    for received in DAYS:
        due = due_date(noon(received), nation=nation).due
        assert due == first_working_day(received + relativedelta(months=1), nation), received
        assert due >= previous, f"somebody who asked on {received} is served before who asked the day before"
        previous = due


@given(
    st.dates(FIRST, LAST),
    st.integers(0, 3),
    st.integers(0, 60),
    st.integers(0, 40),
    st.sampled_from(NATIONS),
)
def test_months_then_days_then_pauses_then_one_roll(
    received: date, months: int, days: int, paused: int, nation: str
) -> None:
    counted = received + relativedelta(months=months) + timedelta(days=days + paused)
    deadline = due_date(noon(received), months=months, days=days, paused_days=paused, nation=nation)
    assert deadline.due == first_working_day(counted, nation)
    assert deadline.steps[0].on == received
    assert deadline.steps[-1].on == deadline.due
    straight = due_date(
        noon(received), months=months, days=days, paused_days=paused, nation=nation, working_day=False
    )
    assert straight.due == counted


def test_the_nations_close_on_different_days() -> None:
    received = noon(date(2026, 10, 30))
    assert due_date(received, nation="ENG").due == date(2026, 11, 30)
    assert due_date(received, nation="SCT").due == date(2026, 12, 1)


def test_a_day_begins_at_midnight_in_london_not_in_utc() -> None:
    just_before = datetime(2026, 7, 14, 22, 59, tzinfo=UTC)
    assert due_date(just_before).due == date(2026, 8, 14)
    assert due_date(just_before + timedelta(minutes=1)).due == date(2026, 8, 17)


def test_every_right_has_a_clock() -> None:
    due = {right: for_right(right, noon(date(2026, 11, 23))).due for right in RIGHTS}
    assert due.pop("complaint") == date(2026, 12, 22), "day received + 29"
    assert due.pop("breach_report") == date(2026, 11, 26), "72 hours"
    assert set(due.values()) == {date(2026, 12, 23)}
