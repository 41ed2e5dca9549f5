"""A demo of one's own for a block of code: scripts and tests talk to it and leave nothing running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.paths import PROJECT
from bot.supervisor.instance import Running, find_running

LOOK_SECONDS = 0.2
STOP_SECONDS = 12.0


class DemoFailed(Exception):
    """The demo did not come up."""


@contextmanager
def temporary_demo(
    home: Path,
    *,
    ready_within: float = 300.0,
    environment: Mapping[str, str] | None = None,
    arguments: Sequence[str] = (),
) -> Iterator[Running]:
    """Run `up` on a free port and wait until every part is ready; everything is stopped at the end.

    Args:
        home: its state folder. Set RIGHTLINE_MODELS to share trained models between several.
        ready_within: seconds it may take, training included.
        environment: settings beside this process's own.
        arguments: of `up`, beside the port.

    Raises:
        DemoFailed: it ended, or was not ready in time; says where its output is.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    output = home / "up.log"
    with output.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "up", "--port", "0", *arguments],
            cwd=PROJECT,
            env={**os.environ, **(environment or {}), "RIGHTLINE_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + ready_within
        while not ((running := find_running(home)) and _ready(running.address)):
            if process.poll() is not None or time.monotonic() > deadline:
                raise DemoFailed(f"the demo did not come up; what it said is in {output}")
            time.sleep(LOOK_SECONDS)
        yield running
    finally:
        _stop(process)


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # its watchdog ends the parts
        process.wait(timeout=STOP_SECONDS)
