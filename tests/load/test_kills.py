"""Kills of every kind of process while contacts talk: nothing lost, nothing doubled (issue: growth)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pytest

from bot.paths import PROJECT
from tests.support.components import ENGINE, require

CONVERSATIONS = int(os.environ.get("RIGHTLINE_TEST_KILLS", "5000"))
SECONDS = 6 * 3600


@pytest.mark.full
@pytest.mark.engine
@pytest.mark.timeout(SECONDS + 60)
def test_conversations_outlive_the_kills_of_every_kind_of_process(capsys: pytest.CaptureFixture[str]) -> None:
    require(ENGINE)
    command = [sys.executable, "-u", "-m", "tests.load.kills", "--conversations", str(CONVERSATIONS)]
    said: list[str] = []
    with tempfile.TemporaryFile("w+") as errors, capsys.disabled():
        process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert process.stdout is not None
        try:
            for line in process.stdout:
                # It takes long: whoever waits sees how far it is.
                print(line, end="", flush=True)
                said.append(line)
            code = process.wait()
        finally:
            process.terminate()
        errors.seek(0)
        mistakes = errors.read()[-2000:]
    told = "".join(said)
    assert code == 0, told + mistakes
    for kind in ("gateway", "actions", "worker", "engine", "balancer", "postgresql", "redis"):
        assert f"{kind} " in told, f"no {kind} was killed"
