"""What the web chat must hold under load (issue 5), in full runs; a small crowd in every one."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta

import psutil
import pytest

from tests.load.crowd import Figures, crowd, percentile, problems, report
from tests.support.running import READY_SECONDS, Instance, shared_instance

pytestmark = [pytest.mark.engine, pytest.mark.timeout(READY_SECONDS + 900)]
LONG_AGO, LATE = 5, 200
PAIRS = 7


@pytest.fixture
def instance(request: pytest.FixtureRequest) -> Iterator[Instance]:
    found = shared_instance(request.config)
    found.wait_ready()
    found.demo.reset()
    yield found
    found.demo.reset()


def memory_mb(instance: Instance) -> float:
    return psutil.Process(instance.running.parts["gateway"]).memory_info().rss / 1e6


def nothing_went_wrong(figures: Figures, instance: Instance) -> None:
    if figures.refused or figures.wrong:
        print(*sorted({*figures.refused, *figures.wrong})[:20], sep="\n")
        lines = (instance.home / "logs" / "gateway.log").read_text(errors="replace").splitlines()
        print(*[line for line in lines if "error" in line][-20:], sep="\n")
    assert figures.refused == []
    assert figures.wrong == []
    assert figures.unanswered == 0


def test_a_checker_sees_what_is_lost_doubled_or_out_of_order() -> None:
    good = [{"seq": 1, "from": "contact"}, {"seq": 2, "from": "assistant", "reply_to": 1}]
    assert problems(good) == []
    assert problems(good[:1]) == ["message 1 has no answer"]
    assert problems([good[0], good[0], good[1]]) == ["a log has gaps or repetitions"]
    assert problems([{"seq": 1, "from": "assistant", "reply_to": 2}, {"seq": 2, "from": "contact"}])


def test_only_this_machine_may_be_put_under_load() -> None:
    with pytest.raises(ValueError, match="loopback"):
        asyncio.run(crowd("http://192.0.2.1", 1, 0.1))


def test_a_small_crowd_is_served_without_loss(instance: Instance) -> None:
    figures = asyncio.run(crowd(instance.running.address, 20, 0.4))
    print(report(figures, memory_mb(instance)))
    nothing_went_wrong(figures, instance)
    assert figures.sent >= 20


@pytest.mark.full
def test_five_hundred_conversations_for_five_minutes(instance: Instance) -> None:
    figures = asyncio.run(crowd(instance.running.address, 500, 5))
    used = memory_mb(instance)
    print(report(figures, used))
    nothing_went_wrong(figures, instance)
    assert figures.sent >= 500 * 14
    assert 0.65 <= figures.structured / (figures.structured + figures.texts) <= 0.75
    assert used <= 400
    assert percentile(figures.accepted, 95) <= 0.100
    assert percentile(figures.answered, 95) <= 3.0
    assert figures.drained <= 10


@pytest.mark.full
def test_message_200_costs_what_message_5_did(instance: Instance) -> None:
    """Several conversations in turns, so that a busy machine slows both ends alike."""
    early: list[float] = []
    late: list[float] = []
    for _ in range(PAIRS):
        talk = instance.demo.open()
        for number in range(1, LATE + 11):
            if number % 50 == 0:
                # What a conversation may send in a minute is limited, by our clock.
                instance.demo.advance(timedelta(minutes=1))
            began = time.perf_counter()
            talk.settle(talk.send({"text": "how long do you keep data" if number % 2 else "thanks"}))
            took = time.perf_counter() - began
            if LONG_AGO <= number < LONG_AGO + 10:
                early.append(took)
            elif LATE <= number < LATE + 10:
                late.append(took)
    ratio = statistics.median(late) / statistics.median(early)
    print(
        f"median round trip {1000 * statistics.median(early):.1f} ms at message 5, "
        f"{1000 * statistics.median(late):.1f} ms at message 200: ratio {ratio:.2f}"
    )
    assert ratio <= 1.25
