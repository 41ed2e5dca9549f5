"""An installation for a test of faults: `up` with settings of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.paths import PROJECT
from bot.supervisor.instance import Running, find_running
from tests.support.running import READY_SECONDS

STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Installation:
    """One that runs.

    Attributes:
        home: its state folder.
        url: its database.
        supervisor: the process that started the others.
    """

    home: Path
    url: str
    supervisor: subprocess.Popen[bytes]

    @property
    def running(self) -> Running:
        """What the supervisor's note says now."""
        found = find_running(self.home)
        assert found is not None, "it does not run any more"
        return found

    def is_ready(self) -> bool:
        """Whether every part is ready."""
        with suppress(httpx.HTTPError, AssertionError):
            return httpx.get(f"{self.running.address}/readyz", timeout=5, trust_env=False).is_success
        return False

    def wait_ready(self, within: float = 120.0) -> None:
        """Wait until every part is ready."""
        deadline = time.monotonic() + within
        while not self.is_ready():
            assert self.supervisor.poll() is None, f"it has ended:\n{self.output()}"
            assert time.monotonic() < deadline, f"not ready:\n{self.output()}"
            time.sleep(0.2)

    def kill(self, part: str) -> None:
        """Kill a part as `kill -9` does."""
        os.kill(self.running.parts[part], signal.SIGKILL)

    def output(self) -> str:
        """The end of what the supervisor said."""
        return (self.home / "up.log").read_text(errors="replace")[-2000:]


@contextmanager
def installation(
    home: Path, settings: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[Installation]:
    """Run one until the block ends, with the key of its own in this process, too.

    Args:
        home: its state folder.
        settings: beside this process's own.
        log: where the supervisor's words go; the state folder by default.
    """
    home.mkdir(parents=True, exist_ok=True)
    told = {"RIGHTLINE_HOME": str(home), "RIGHTLINE_DEMO": "1", **(settings or {})}
    with (log or home / "up.log").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "up", "--port", "0"],
            cwd=PROJECT,
            env={**os.environ, **told},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    url = told.get("RIGHTLINE_DATABASE_URL") or f"sqlite:///{home / 'rightline.db'}"
    found = Installation(home, url, process)
    try:
        found.wait_ready(READY_SECONDS)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_SECONDS)
        process.kill()
        process.wait()


@contextmanager
def key_of(home: Path) -> Iterator[None]:
    """Read an installation's database in this process: with its key."""
    from actions.settings import get_settings
    from actions.vault.cipher import forget_keys

    before = os.environ.get("RIGHTLINE_HOME")
    os.environ["RIGHTLINE_HOME"] = str(home)
    get_settings.cache_clear()
    forget_keys()
    try:
        yield
    finally:
        if before is not None:
            os.environ["RIGHTLINE_HOME"] = before
        get_settings.cache_clear()
        forget_keys()
