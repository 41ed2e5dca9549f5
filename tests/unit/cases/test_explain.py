"""A contact may ask why a date is what it is."""

from __future__ import annotations

from datetime import UTC, datetime

from actions.cases.deadlines import for_right
from actions.cases.explain import explain, explain_deadline
from actions.cases.models import Case


def case(right: str, *received: int, paused_days: int = 0) -> Case:
    at = datetime(*received, 12, tzinfo=UTC)  # type: ignore[misc, arg-type]
    return Case(right=right, received_at=at, paused_days=paused_days)


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


def test_pauses_are_said_with_their_source() -> None:
    explained = explain(case("access", 2026, 11, 23, paused_days=2))
    assert "We waited 2 days for something we had to ask you" in explained.text
    assert ("paused", "UK GDPR Art. 12A; DPA 2018 s.54(3C)") in [
        (row["id"], row["label"]) for row in explained.rows
    ]
    assert "We waited one day" in explain(case("access", 2026, 11, 23, paused_days=1)).text


def test_the_rows_begin_with_the_rule_and_end_with_the_date() -> None:
    deadline = for_right("complaint", datetime(2026, 11, 23, 12, tzinfo=UTC))
    rows = explain_deadline("complaint", deadline).rows
    assert (rows[0]["id"], rows[0]["label"]) == ("rule", "DPA 2018 s.164A")
    assert (rows[-1]["id"], rows[-1]["value"]) == ("due", "Tuesday 22 December 2026")
