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
