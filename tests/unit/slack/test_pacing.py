"""Messages to one channel go at a pace that Slack takes: a few at once, then one a second, in order."""

from __future__ import annotations

from bot.slack.pacing import BURST, MOST_REMEMBERED, Pace


class Clock:
    """Seconds, as the test says."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_few_go_at_once_and_then_one_a_second() -> None:
    pace = Pace(1.0, clock=Clock())
    assert [pace.wait("C1", number) for number in range(BURST + 3)] == [0.0] * BURST + [1.0, 2.0, 3.0]
    assert pace.wait("C2", 99) == 0.0


def test_a_moment_is_kept_for_whoever_it_was_given_to() -> None:
    clock = Clock()
    pace = Pace(2.0, clock=clock)
    for number in range(BURST):
        pace.wait("C1", number)
    assert (pace.wait("C1", 10), pace.wait("C1", 11)) == (0.5, 1.0)
    clock.seconds += 0.4
    assert round(pace.wait("C1", 10), 3) == 0.1
    clock.seconds += 0.1
    assert [pace.wait("C1", 10), pace.wait("C1", 11)] == [0.0, 0.5]
    clock.seconds += 60
    assert [pace.wait("C1", number) for number in range(20, 20 + BURST)] == [0.0] * BURST


def test_nobody_waits_where_the_settings_say_so_and_nothing_piles_up() -> None:
    clock = Clock()
    assert [Pace(0, clock=clock).wait("C1", number) for number in range(50)] == [0.0] * 50
    pace = Pace(1.0, clock=clock)
    for number in range(3 * MOST_REMEMBERED):
        clock.seconds += 10
        pace.wait(f"C{number}", number)
    assert len(pace._through_at) <= MOST_REMEMBERED + 1
