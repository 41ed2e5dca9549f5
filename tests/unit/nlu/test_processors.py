"""A thread is kept off the processor of whoever wakes it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

from nlu.encoder.processors import keep_elsewhere, threads_of_this_process

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux says which processor a thread is on"
)


@pytest.fixture
def waiting() -> Iterator[int]:
    """The number of a thread that waits until the test is over."""
    over, numbers = threading.Event(), []
    begun = threading.Event()

    def wait() -> None:
        numbers.append(threading.get_native_id())
        begun.set()
        over.wait()

    thread = threading.Thread(target=wait)
    thread.start()
    begun.wait()
    yield numbers[0]
    over.set()
    thread.join()


@pytest.fixture
def allowed() -> Iterator[set[int]]:
    """The processors of this thread, which has them again after the test."""
    before = os.sched_getaffinity(0)
    yield before
    os.sched_setaffinity(0, before)


def test_it_may_run_on_any_other_processor(waiting: int, allowed: set[int]) -> None:
    keep_elsewhere([waiting])

    left = os.sched_getaffinity(waiting)
    assert left <= allowed
    assert len(left) == max(1, len(allowed) - 1), "where there is one alone, it has to be that"


def test_where_there_is_one_processor_it_stays_on_that(waiting: int, allowed: set[int]) -> None:
    os.sched_setaffinity(0, {min(allowed)})

    keep_elsewhere([waiting])

    assert os.sched_getaffinity(waiting) == allowed


def test_a_thread_that_has_ended_is_passed_over(waiting: int, allowed: set[int]) -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    number = thread.native_id
    thread.join()
    assert number is not None

    keep_elsewhere([number, waiting])

    assert len(os.sched_getaffinity(waiting)) == max(1, len(allowed) - 1)


def test_all_threads_are_known(waiting: int) -> None:
    assert {waiting, threading.get_native_id()} <= threads_of_this_process()
