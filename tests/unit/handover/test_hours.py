"""Opening hours are true, and told by the reader's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.handover.hours import closes_at, is_open, opening, opens_at

TUESDAY_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "time_zone", "said"),
    [
        (TUESDAY_TEN, None, "until 17:30."),
        (TUESDAY_TEN, "Europe/London", "until 17:30."),
        (TUESDAY_TEN, "Europe/Berlin", "until 18:30 your time."),
        (TUESDAY_TEN, "America/New_York", "until 12:30 your time."),
        (TUESDAY_TEN, "Nowhere/Land", "until 17:30."),
        (TUESDAY_TEN.replace(hour=8), None, "today at 09:00."),
        (TUESDAY_TEN.replace(hour=18), None, "tomorrow at 09:00."),
        (datetime(2026, 11, 27, 17, 5, tzinfo=UTC), None, "on Monday at 09:00."),
        (datetime(2026, 11, 27, 17, 5, tzinfo=UTC), "Pacific/Auckland", "on Monday at 22:00 your time."),
    ],
)
def test_when_somebody_is_there(at: datetime, time_zone: str | None, said: str) -> None:
    assert opening(at, time_zone).endswith(said)


def test_open_and_closed_are_told_apart_to_the_minute() -> None:
    closing = TUESDAY_TEN.replace(hour=17, minute=30)
    assert closes_at(TUESDAY_TEN) == closing
    assert opens_at(TUESDAY_TEN) is None
    assert not is_open(closing)
    assert is_open(closing.replace(minute=29))
    assert opens_at(closing) == TUESDAY_TEN.replace(day=25, hour=9)


def test_in_summer_the_hours_move_with_the_clock() -> None:
    assert closes_at(datetime(2026, 7, 21, 10, 0, tzinfo=UTC)) == datetime(2026, 7, 21, 16, 30, tzinfo=UTC)
