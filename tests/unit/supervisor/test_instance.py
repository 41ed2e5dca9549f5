"""One Rightline to a state folder, and the note by which others find it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.paths import PROJECT
from bot.supervisor.instance import AlreadyRunning, Claim, Running, find_running

HOLDER = """
import sys, time
from pathlib import Path
from bot.supervisor.instance import Claim
with Claim(Path(sys.argv[1])):
    print("claimed", flush=True)
    time.sleep(60)
"""


def running(address: str = "http://127.0.0.1:8000") -> Running:
    return Running(os.getpid(), address, demo=True, ports={"gateway": 8000}, parts={"gateway": 4711})


def test_the_note_says_what_runs_and_goes_with_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert find_running(home) is None
    with Claim(home) as claim:
        assert find_running(home) is None  # nothing said yet
        claim.write(running())
        assert find_running(home) == running()
    assert find_running(home) is None
    assert not (home / "run.json").exists()
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_second_one_is_refused_with_the_address_of_the_first(tmp_path: Path) -> None:
    with Claim(tmp_path) as claim:
        claim.write(running("http://127.0.0.1:8123"))
        with pytest.raises(
            AlreadyRunning, match=r"at http://127\.0\.0\.1:8123 \(process \d+\).*RIGHTLINE_HOME"
        ):
            Claim(tmp_path).__enter__()


def test_another_folder_is_another_instance(tmp_path: Path) -> None:
    with Claim(tmp_path / "a") as first, Claim(tmp_path / "b") as second:
        first.write(running("http://127.0.0.1:1"))
        second.write(running("http://127.0.0.1:2"))
        addresses = [found.address for name in "ab" if (found := find_running(tmp_path / name))]
    assert addresses == ["http://127.0.0.1:1", "http://127.0.0.1:2"]


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "claimed\n"
    with pytest.raises(AlreadyRunning):
        Claim(tmp_path).__enter__()
    (tmp_path / "run.json").write_text(json.dumps({"pid": holder.pid}))
    holder.kill()
    holder.communicate(timeout=5)
    assert find_running(tmp_path) is None
    with Claim(tmp_path):
        assert not (tmp_path / "run.json").exists()
