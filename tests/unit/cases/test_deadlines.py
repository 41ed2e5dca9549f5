"""Due dates: the regulator's own examples, and the rule itself over ten years of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from actions.cases.deadlines import (
    Facts,
    Pause,
    counted,
    due_date,
    for_notice,
    for_right,
    is_working_day,
)
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


PAUSES = st.lists(
    st.tuples(st.integers(0, 25), st.integers(0, 20)), max_size=4
)  # each: days after the start, and further days until the answer


@given(st.dates(FIRST, LAST), st.integers(0, 3), st.integers(0, 60), PAUSES, st.sampled_from(NATIONS))
def test_months_then_days_then_pauses_then_one_roll(
    received: date, months: int, days: int, waited: list[tuple[int, int]], nation: str
) -> None:
    pauses = [
        Pause(received + timedelta(days=after), received + timedelta(days=after + long))
        for after, long in waited
    ]
    left_out = {after + day for after, long in waited for day in range(long + 1)}
    counted_to = received + relativedelta(months=months) + timedelta(days=days + len(left_out))
    deadline = due_date(noon(received), months=months, days=days, pauses=pauses, nation=nation)
    assert deadline.due == first_working_day(counted_to, nation)
    assert deadline.steps[0].on == received
    assert deadline.steps[-1].on == deadline.due
    straight = due_date(
        noon(received), months=months, days=days, pauses=pauses, nation=nation, working_day=False
    )
    assert straight.due == counted_to, "a day that two pauses share is left out once"


@given(
    st.dates(FIRST, LAST),
    st.sampled_from(["access", "erasure", "complaint", "breach_report"]),
    st.booleans(),
    PAUSES,
    st.integers(0, 40),
    st.sampled_from(["uk", "eu", "other"]),
    st.sampled_from(NATIONS),
)
def test_nothing_an_agent_may_do_brings_an_answer_nearer_and_only_access_in_the_uk_pauses(
    received: date,
    right: str,
    extended: bool,
    waited: list[tuple[int, int]],
    proof_after: int,
    jurisdiction: str,
    nation: str,
) -> None:
    pauses = tuple(
        Pause(received + timedelta(days=after), received + timedelta(days=after + long))
        for after, long in waited
    )
    plain = counted(Facts(right, noon(received)), nation=nation)
    paused = counted(Facts(right, noon(received), pauses=pauses, jurisdiction=jurisdiction), nation=nation)
    if right == "access" and jurisdiction == "uk":
        assert paused.due >= plain.due
        assert bool(pauses) == any(step.kind == "paused" for step in paused.steps)
    else:
        assert paused == plain
    if right in ("access", "erasure"):
        proof = noon(received + timedelta(days=proof_after))
        later = counted(Facts(right, noon(received), starts=proof, extended=extended), nation=nation)
        months = 3 if extended else 1
        wanted = received + timedelta(days=proof_after) + relativedelta(months=months)
        assert later.due == first_working_day(wanted, nation)
        assert later.steps[0].on == received, "the first words stay on record"
        assert any(step.kind == "proof" for step in later.steps) == bool(proof_after)


def test_the_days_of_asking_and_of_the_answer_are_both_left_out() -> None:
    received = noon(date(2026, 3, 10))
    pause = Pause(date(2026, 3, 12), date(2026, 3, 16))
    assert due_date(received, pauses=[pause]).steps[2].on == date(2026, 4, 15)
    same_day = Pause(date(2026, 3, 12), date(2026, 3, 12))
    assert due_date(received, pauses=[same_day]).steps[2].on == date(2026, 4, 11)


def test_days_before_the_time_has_started_are_not_left_out_of_it() -> None:
    started = noon(date(2026, 3, 10))
    before = Pause(date(2026, 3, 1), date(2026, 3, 9))
    assert due_date(started, pauses=[before]).due == due_date(started).due
    across = Pause(date(2026, 3, 1), date(2026, 3, 10))
    assert due_date(started, pauses=[across]).steps[2].on == date(2026, 4, 11)


def test_an_extension_counts_from_the_start_not_from_the_day_it_was_made() -> None:
    assert counted(Facts("erasure", noon(date(2026, 11, 23)), extended=True)).due == date(2027, 2, 23)
    assert counted(Facts("access", noon(date(2026, 11, 30)), extended=True)).due == date(2027, 3, 1)


def test_72_hours_are_hours_even_when_the_clocks_change() -> None:
    before_summer_time = datetime(2026, 3, 28, 0, 30, tzinfo=UTC)
    deadline = for_right("breach_report", before_summer_time)
    assert deadline.at == datetime(2026, 3, 31, 0, 30, tzinfo=UTC)
    assert deadline.due == date(2026, 3, 31)
    late = for_right("breach_report", datetime(2026, 3, 27, 23, 30, tzinfo=UTC))
    assert late.due == date(2026, 3, 31), "half past midnight by the clock on the wall"


def test_notices_have_a_clock_of_their_own() -> None:
    assert for_notice(noon(date(2026, 11, 23))).due == date(2026, 12, 23)
    assert for_notice(noon(date(2027, 1, 31))).due == date(2027, 3, 2)


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
