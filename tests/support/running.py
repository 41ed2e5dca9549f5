"""One running demo for all the tests of a session that need one, started when the first of them asks.

There is one for each surrounding that conversation scripts are played in, see `SURROUNDINGS`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import httpx
import pytest
import yaml

from bot.converse.agents import AgentsAtHome
from bot.converse.channels import Channels
from bot.converse.demo import Demo
from bot.converse.playing import Player
from bot.converse.script import load
from bot.paths import PROJECT
from bot.supervisor.instance import Running, find_running
from tests.peers import rt, tryton
from tests.support.closing import at_the_end
from tests.support.components import ENGINE, require
from tests.support.servers import postgresql_database

# The first run of all trains the model, which takes minutes where the machine is busy.
READY_SECONDS = 900.0
STOP_SECONDS = 15.0
# A busy machine, and systems of others behind it, take their time over what the worker does.
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.2
SCRIPTS = PROJECT / "tests" / "conversations"

_KEY = pytest.StashKey[dict[str, "Future[Instance]"]]()
Settings = Mapping[str, str]


def _on_sqlite(_keep: contextlib.ExitStack) -> Settings:
    return {}


def _on_postgresql(keep: contextlib.ExitStack) -> Settings:
    return {"RIGHTLINE_DATABASE_URL": keep.enter_context(postgresql_database(empty=True))}


def _on_tryton(keep: contextlib.ExitStack) -> Settings:
    tryton.require_tryton()
    return keep.enter_context(tryton.running()).settings


def _on_tryton_and_rt(keep: contextlib.ExitStack) -> Settings:
    folder = Path(keep.enter_context(tempfile.TemporaryDirectory(prefix="rightline-rt-")))
    helpdesk = keep.enter_context(rt.running(folder))
    CLEAR["tryton_and_rt"] = helpdesk.clear
    return {**_on_tryton(keep), **helpdesk.environment()}


CLEAR: dict[str, Callable[[], None]] = {}
"""What takes away, before each script, what the one before left where the demo's own reset does not reach."""


# By name: what starts the servers that a demo shall stand on, which the stack stops, and returns the
# settings that name them.
SURROUNDINGS: dict[str, Callable[[contextlib.ExitStack], Settings]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
    "tryton": _on_tryton,
    "tryton_and_rt": _on_tryton_and_rt,
}
IN_FULL_RUNS_ONLY = frozenset({"tryton"})
"""What every run plays with Request Tracker beside it."""


@dataclass
class Instance:
    """A demo that runs.

    Attributes:
        home: its state folder.
        demo: speaks to it over HTTP.
        used: every personal value that scripts have used in it, by kind.
        played: the scripts played so far.
        settings: more environment variables it was started with.
    """

    home: Path
    demo: Demo
    used: set[tuple[str, str]] = field(default_factory=set)
    played: set[Path] = field(default_factory=set)
    settings: Mapping[str, str] = field(default_factory=dict)
    clear: Callable[[], None] = lambda: None
    _process: subprocess.Popen[bytes] | None = None
    _channels: Channels | None = None

    def play(self, script: Path, channel: str | None = None) -> None:
        """Play a script from the demo's first moment, and remember what was personal in it.

        Args:
            script: its file.
            channel: to play it over, whatever the file says.
        """
        self.played.add(script)
        loaded = load(script)
        loaded = replace(loaded, channel=channel) if channel else loaded
        # In this order: what the worker has in hand is over after the reset, and would else come back.
        self.demo.reset()
        self.clear()
        Player(
            loaded,
            self.demo,
            AgentsAtHome(self.home, self.settings),
            record=lambda kind, value: self.used.add((kind, value)),
            patience=PATIENCE_SECONDS,
            channels=self._ways(),
        ).play()

    def _ways(self) -> Channels:
        if self._channels is None:
            self._channels = Channels(self.demo, self.home, self.settings)
        return self._channels

    @property
    def running(self) -> Running:
        """What the supervisor's note says now."""
        found = find_running(self.home)
        assert found is not None, "the demo does not run any more"
        return found

    def wait_ready(self, within: float = READY_SECONDS) -> None:
        """Wait until every part is ready."""
        deadline = time.monotonic() + within
        while not self._is_ready():
            ended = self._process is not None and self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                pytest.fail(f"the demo is not ready:\n{self.output()}", pytrace=False)
            time.sleep(LOOK_SECONDS)

    def kill(self, part: str) -> int:
        """Kill a part's process as `kill -9` does, once it is back if it died; returns the process it was."""
        deadline = time.monotonic() + READY_SECONDS
        while (pid := self.running.parts.get(part)) is None:
            assert time.monotonic() < deadline, f"{part} was not started again"
            time.sleep(LOOK_SECONDS)
        os.kill(pid, signal.SIGKILL)
        return pid

    @property
    def model(self) -> Path:
        """The engine's packed model."""
        command = Path(f"/proc/{self.running.parts['engine']}/cmdline").read_bytes().split(b"\0")
        return Path(command[command.index(b"--model") + 1].decode())

    def output(self) -> str:
        """The end of what the supervisor has said."""
        return (self.home / "up.log").read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        """End it and wipe its folder."""
        if self._channels is not None:
            self._channels.close()
        self.demo.close()
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=STOP_SECONDS)
        shutil.rmtree(self.home, ignore_errors=True)

    def _is_ready(self) -> bool:
        with contextlib.suppress(httpx.HTTPError, AssertionError):
            return httpx.get(f"{self.running.address}/readyz", timeout=5, trust_env=False).is_success
        return False


def scripts_to_play(config: pytest.Config) -> list[Path]:
    """The scripts of this run: those marked `smoke: true`, or all in a full one."""
    full = config.getoption("--full") or "full" in config.getoption("-m")
    return [path for path in sorted(SCRIPTS.glob("*.yml")) if full or is_smoke(path)]


def is_smoke(script: Path) -> bool:
    """Whether every run plays the script; one that cannot be read is played, so that somebody hears of it."""
    try:
        return bool(yaml.safe_load(script.read_text(encoding="utf-8")).get("smoke"))
    except (yaml.YAMLError, AttributeError):
        return True


def shared_instance(config: pytest.Config, surrounding: str = "sqlite") -> Instance:
    """The session's demo in a surrounding, started now if nobody has asked for it before.

    Skips the test where the engine's environment is missing, and fails it there when CI=true.
    """
    require(ENGINE)
    begin(config, [surrounding])
    return config.stash[_KEY][surrounding].result()


def begin(config: pytest.Config, surroundings: Iterable[str]) -> None:
    """Start the session's demos in these surroundings side by side, those that nobody has asked for before.

    To start is mostly to wait. What keeps one from starting is raised when somebody asks for it.
    """
    demos = config.stash.setdefault(_KEY, {})
    for surrounding in surroundings:
        if surrounding not in demos:
            demo: Future[Instance] = Future()
            demos[surrounding] = demo
            servers = contextlib.ExitStack()
            starting = threading.Thread(target=_begin, args=(surrounding, servers, demo))
            at_the_end(config, partial(_end, starting, demo, servers))
            starting.start()


def end(config: pytest.Config, surrounding: str) -> None:
    """Stop the session's demo in a surrounding, for good: nobody needs it any more."""
    demo = config.stash[_KEY][surrounding]
    with contextlib.suppress(BaseException):
        demo.result().stop()


def _begin(surrounding: str, servers: contextlib.ExitStack, demo: Future[Instance]) -> None:
    try:
        running = os.environ.get("RIGHTLINE_TEST_DEMO") if surrounding == "sqlite" else None
        if running:
            instance = join(Path(running))
        else:
            instance = start(SURROUNDINGS[surrounding](servers))
            instance.clear = CLEAR.get(surrounding, instance.clear)
    except BaseException as reason:
        demo.set_exception(reason)
    else:
        demo.set_result(instance)


def _end(starting: threading.Thread, demo: Future[Instance], servers: contextlib.ExitStack) -> None:
    starting.join()
    if demo.exception() is None:
        demo.result().stop()
    servers.close()


def join(home: Path) -> Instance:
    """Use a recorded demo that somebody has started, and leave it running.

    For who writes tests: start it with `python -m tests.support.recorded_demo`, and name its state folder in
    RIGHTLINE_TEST_DEMO.
    """
    running = find_running(home)
    assert running is not None, f"no demo runs on {home}"
    return Instance(home, Demo(running.address))


def start(environment: Settings | None = None) -> Instance:
    """Start a recorded demo with a state folder of its own and the project's trained model.

    Args:
        environment: its settings beside this process's own.
    """
    home = Path(tempfile.mkdtemp(prefix="rightline-demo-"))
    with (home / "up.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.recorded_demo"],
            cwd=PROJECT,
            env={
                **os.environ,
                **(environment or {}),
                "RIGHTLINE_HOME": str(home),
                "PYTHONPATH": str(PROJECT),
                "PYTHONUNBUFFERED": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    instance = Instance(home, Demo("http://127.0.0.1:0"), settings=environment or {}, _process=process)
    try:
        instance.wait_ready()
    except BaseException:
        instance.stop()
        raise
    instance.demo.close()
    instance.demo = Demo(instance.running.address)
    return instance
