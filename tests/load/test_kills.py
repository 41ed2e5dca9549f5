"""Kills of every kind of process while contacts talk: nothing lost, nothing doubled (issue: growth)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.paths import PROJECT
from tests.load.checker import Story
from tests.support.components import ENGINE, require

CONVERSATIONS = int(os.environ.get("RIGHTLINE_TEST_KILLS", "5000"))
SECONDS = 6 * 3600


@pytest.mark.full
@pytest.mark.engine
@pytest.mark.timeout(SECONDS + 60)
def test_conversations_outlive_the_kills_of_every_kind_of_process(capsys: pytest.CaptureFixture[str]) -> None:
    require(ENGINE)
    command = [sys.executable, "-m", "tests.load.kills", "--conversations", str(CONVERSATIONS)]
    done = subprocess.run(
        command,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env=dict(os.environ),
    )
    with capsys.disabled():
        print(f"\n{done.stdout}")
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    for kind in ("gateway", "actions", "worker", "engine", "balancer", "postgresql", "redis"):
        assert f"{kind} " in done.stdout, f"no {kind} was killed"


def test_a_story_differs_when_anything_does() -> None:
    one = Story((("contact", "hello"),), (), (), (), ("active",))
    assert one == Story((("contact", "hello"),), (), (), (), ("active",))
    assert one != Story((("contact", "hello"), ("contact", "hello")), (), (), (), ("active",))
