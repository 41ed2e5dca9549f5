"""A contact may ask why a date is what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from actions.cases.deadlines import for_right
from actions.cases.explain import explain, explain_deadline
from actions.cases.models import Case


def case(right: str, *received: int, **more: object) -> Case:
    at = datetime(*received, 12, tzinfo=UTC)  # type: ignore[misc, arg-type]
    return Case(right=right, state="in_progress", received_at=at, **more)


def test_an_ordinary_month() -> None:
    assert explain(case("erasure", 2026, 11, 23)).text == (
        "The law gives us one calendar month from the day you asked. You asked on 23 November. "
        "A month on is 23 December. That's a working day. We aim to be much quicker."
    )


def test_a_bank_holiday_is_named() -> None:
    assert "bank holiday (Christmas Day), so it moves to the next working day, 27 December" in (
        explain(case("access", 2024, 11, 25)).text
    )


def test_a_weekend_and_a_short_month_and_another_year_are_said() -> None:
    said = explain(case("access", 2025, 12, 31)).text
    assert (
        "A month on is 31 January 2026. That's a Saturday, so it moves to the next working day, 2 February"
        in said
    )
    assert (
        "That month has no such day, so its last day counts, 28 February"
        in explain(case("access", 2026, 1, 31)).text
    )


def test_pauses_are_said_with_their_days_and_their_source() -> None:
    explained = explain(case("access", 2026, 11, 23, pauses=[["2026-11-25", "2026-11-26"]]))
    assert "We waited from 25 November to 26 November for something we had to ask you." in explained.text
    assert "Those 2 days aren't counted, which makes it 25 December." in explained.text
    assert "bank holiday (Christmas Day), so it moves to the next working day, 29 December" in explained.text
    assert ("paused", "UK GDPR Art. 12A; DPA 2018 s.54(3C)") in [
        (row["id"], row["label"]) for row in explained.rows
    ]
    one = explain(case("access", 2026, 11, 23, pauses=[["2026-11-25", "2026-11-25"]]))
    assert "We waited one day, 25 November, for something" in one.text


def test_a_pause_that_still_runs_is_said_with_the_date_as_it_would_be_today() -> None:
    waiting = case("access", 2026, 11, 23, pauses=[["2026-11-25", None]])
    said = explain(waiting, today=date(2026, 11, 27)).text
    assert "We asked you something on 25 November, and the days until you answer aren't counted." in said
    assert "If you answered today, that would make it 26 December." in said


def test_a_later_start_is_said_with_both_dates() -> None:
    explained = explain(case("access", 2026, 11, 23, starts_at=datetime(2026, 12, 1, 9, tzinfo=UTC)))
    assert "You asked on 23 November 2026." in explained.text
    assert "your proof came on 1 December 2026, so we count from then." in explained.text
    assert "Counted from the day you asked it would be 23 December 2026." in explained.text
    assert explained.rows[-1]["value"] == "Monday 4 January 2027", "1 January is a holiday, then a weekend"
    assert "UK GDPR Art. 12(6)" in next(row["label"] for row in explained.rows if row["id"] == "proof")


def test_an_extension_is_said_with_its_source() -> None:
    explained = explain(case("erasure", 2026, 11, 23, extended_at=datetime(2026, 12, 1, tzinfo=UTC)))
    assert "so we have 3 months in all, which we told you. That makes it 23 February 2027." in explained.text
    assert "UK GDPR Art. 12(3)" in next(row["label"] for row in explained.rows if row["id"] == "extended")


def test_hours_are_said_to_the_minute() -> None:
    explained = explain(case("breach_report", 2026, 11, 23))
    assert "72 hours on is 12:00 on 26 November." in explained.text
    assert explained.rows[-1]["value"] == "12:00 on Thursday 26 November 2026"


def test_the_rows_begin_with_the_rule_and_end_with_the_date() -> None:
    deadline = for_right("complaint", datetime(2026, 11, 23, 12, tzinfo=UTC))
    rows = explain_deadline("complaint", deadline).rows
    assert (rows[0]["id"], rows[0]["label"]) == ("rule", "DPA 2018 s.164A")
    assert (rows[-1]["id"], rows[-1]["value"]) == ("due", "Tuesday 22 December 2026")
