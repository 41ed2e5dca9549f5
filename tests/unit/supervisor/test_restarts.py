"""The pace of restarts."""

from __future__ import annotations

from bot.supervisor.restarts import Restarts


def test_the_wait_doubles_up_to_the_ceiling() -> None:
    restarts = Restarts(first=0.2, ceiling=10, deaths=100)
    waits = [restarts.died(now) for now in range(8)]
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]


def test_eight_deaths_within_a_minute_are_too_many() -> None:
    restarts = Restarts()
    assert all(restarts.died(now) is not None for now in range(7))
    assert restarts.died(59) is None


def test_a_death_a_minute_ago_no_longer_counts() -> None:
    restarts = Restarts()
    for now in range(7):
        restarts.died(now)
    assert restarts.died(61) == 10  # six within the minute before, and this one
    assert restarts.died(200) == 0.2
