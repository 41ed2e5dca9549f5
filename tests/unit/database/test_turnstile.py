"""Writers of one SQLite file take turns, across threads and processes, and a dead one holds nobody up."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from actions.database.turnstile import SUFFIX, Turnstile

HOLDER = """
import sys, time
from pathlib import Path
from actions.database.turnstile import Turnstile
with Turnstile(Path(sys.argv[1]), 5)():
    print("held", flush=True)
    time.sleep(60)
"""


def test_threads_hold_it_one_at_a_time(tmp_path: Path) -> None:
    turn = Turnstile(tmp_path / "some.db", 5)
    inside, most = 0, 0

    def enter() -> None:
        nonlocal inside, most
        for _ in range(20):
            with turn():
                inside += 1
                most = max(most, inside)
                time.sleep(0.0005)
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_another_process_holds_it_until_it_dies(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        began = time.monotonic()
        killer = threading.Timer(0.3, holder.kill)
        killer.start()
        with Turnstile(file, 10)():
            waited = time.monotonic() - began
    assert 0.25 <= waited < 8


def test_who_has_waited_long_enough_goes_on_and_leaves_the_lock_to_its_holder(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    with Turnstile(file, 5)():
        with Turnstile(file, 0.1)():
            pass
        began = time.monotonic()
        with Turnstile(file, 0.2)():
            assert time.monotonic() - began >= 0.2
    assert (tmp_path / f"some.db{SUFFIX}").stat().st_size == 0


def test_an_urgent_thread_goes_before_those_that_came_earlier(tmp_path: Path) -> None:
    turn = Turnstile(tmp_path / "some.db", 5)
    order: list[str] = []

    def enter(name: str, urgent: bool) -> None:
        with turn(urgent=urgent):
            order.append(name)
            time.sleep(0.02)

    with turn():
        patient = [threading.Thread(target=enter, args=(f"patient {n}", False)) for n in range(3)]
        for thread in patient:
            thread.start()
        time.sleep(0.1)
        hurried = threading.Thread(target=enter, args=("hurried", True))
        hurried.start()
        time.sleep(0.1)
    for thread in (*patient, hurried):
        thread.join()
    # One of the patient may already have stood at the front, and is not overtaken there.
    assert "hurried" in order[:2]
    assert len(order) == 4


def test_an_urgent_process_goes_before_another_that_came_earlier(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    order: list[str] = []

    def enter(name: str, turn: Turnstile, urgent: bool) -> None:
        with turn(urgent=urgent):
            order.append(name)

    # Each turnstile has its own line, as in a process of its own.
    holder, patient, hurried = (Turnstile(file, 5) for _ in range(3))
    with holder():
        threads = [threading.Thread(target=enter, args=("patient", patient, False))]
        threads[0].start()
        time.sleep(0.1)
        threads.append(threading.Thread(target=enter, args=("hurried", hurried, True)))
        threads[1].start()
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    assert order == ["hurried", "patient"]


def test_who_is_in_a_hurry_behind_a_patient_one_of_its_process_does_not_hold_it_up(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    ours, theirs = Turnstile(file, 5), Turnstile(file, 5)
    done: list[str] = []

    def enter(name: str, urgent: bool) -> None:
        with ours(urgent=urgent):
            done.append(name)

    with theirs():
        patient = threading.Thread(target=enter, args=("patient", False))
        patient.start()
        time.sleep(0.1)
        hurried = threading.Thread(target=enter, args=("hurried", True))
        hurried.start()
        time.sleep(0.1)
    began = time.monotonic()
    patient.join()
    hurried.join()
    assert time.monotonic() - began < 4, "the patient one waited for who waited for it"
    assert done == ["patient", "hurried"]
