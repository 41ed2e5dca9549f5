"""The thread beside works while whoever gave it something goes on."""

from __future__ import annotations

import threading

import pytest

from nlu.encoder.beside import ThreadBeside, shared_thread


def test_it_has_begun_when_it_was_given_something() -> None:
    began, go_on = threading.Event(), threading.Event()

    def work() -> str:
        began.set()
        assert go_on.wait(60)
        return threading.current_thread().name

    made = ThreadBeside().begin(work)
    assert began.wait(60)
    assert not made.done()
    go_on.set()
    assert made.result(60) != threading.current_thread().name


def test_one_thing_comes_after_the_other() -> None:
    beside, order = ThreadBeside(), []
    for number in range(20):
        last = beside.begin(lambda number=number: order.append(number))  # type: ignore[misc]
    last.result(60)
    assert order == list(range(20))


def test_what_fails_there_fails_here() -> None:
    made = ThreadBeside().begin(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        made.result(60)


def test_a_process_has_one() -> None:
    assert shared_thread() is shared_thread()
