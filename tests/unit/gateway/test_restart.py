"""The gateway as a process, killed in mid-conversation and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from actions.database import Database, migrate
from actions.settings import get_settings
from bot.paths import PROJECT
from bot.supervisor.ports import free_ports
from tests.unit.gateway.conftest import Chat, wait_for
from tests.unit.gateway.fakes import FakeEngine


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    migrate(url)
    made = Database(url)
    yield made
    made.dispose()


class Process:
    """One gateway process after the other, on the same port and state."""

    def __init__(self, engine: FakeEngine, database: Database, folder: Path) -> None:
        (self.port,) = free_ports(1)
        self._log = (folder / "log").open("ab")
        self._environment = os.environ | {
            # The same key, since the fake engine writes into the same tables.
            "RIGHTLINE_HOME": str(get_settings().home),
            "RIGHTLINE_DATABASE_URL": database.url.render_as_string(),
            "RIGHTLINE_ENGINE_TRACKER_URL": f"sqlite:///{folder / 'tracker.db'}",
            "RIGHTLINE_PORT": str(self.port),
            "RIGHTLINE_ENGINE_URL": engine.url,
            "RIGHTLINE_ACTIONS_PORT": str(engine.port),
            "PYTHONPATH": str(PROJECT),
        }
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=15, trust_env=False)
        self.start()

    def start(self) -> float:
        """Start it, and return how many seconds it took to accept."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot.gateway"], env=self._environment, stderr=self._log, cwd=PROJECT
        )
        wait_for(self._accepts, 60)
        return time.monotonic() - began

    def _accepts(self) -> bool:
        assert self.process.poll() is None, "the gateway ended"
        try:
            return self.client.get("/healthz").is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        finally:
            self.process.kill()
            self.client.close()
            self._log.close()


@contextmanager
def gateway(engine: FakeEngine, database: Database, folder: Path) -> Iterator[Process]:
    process = Process(engine, database, folder)
    try:
        yield process
    finally:
        process.close()


def open_chat(process: Process) -> Chat:
    opened = process.client.post("/api/conversations").json()
    return Chat(process.client, opened["id"], opened["token"])


def test_a_killed_gateway_loses_and_doubles_nothing(
    database: Database, engine: FakeEngine, tmp_path: Path
) -> None:
    with gateway(engine, database, tmp_path) as process:
        chat = open_chat(process)
        chat.send(text="one", key="1")
        chat.settled()

        # Killed while one message is with an engine that answers it in the end, another with one that never
        # does, and others wait behind them.
        second = open_chat(process)
        engine.plan = ["wait"]
        chat.send(text="two", key="2")
        wait_for(lambda: len(engine.received) == 2)
        engine.plan = ["hang"]
        second.send(text="one", key="1")
        wait_for(lambda: len(engine.received) == 3)
        chat.send(text="three", key="3")
        process.kill()
        process.start()
        wait_for(lambda: len(engine.received) >= 5)
        engine.go.set()
        # Sent again by a browser that does not know whether it arrived.
        assert second.send(text="one", key="1").json() == {"seq": 2}
        log, short = chat.settled(), second.settled()

        # What goes wrong is in the log of the process, and who was talking is not.
        other = open_chat(process)
        engine.plan = ["silent", "error", "crash_before"]
        other.send(text="I am Wilhelmina, wilhelmina@canary.example, 07700 900199")
        other.settled()
        other.send(fields={"email": "wilhelmina@canary.example"})
        process.client.get(f"/api/conversations/{other.id}/messages?token={other.token}")
    written = (tmp_path / "log").read_text()
    assert "turn_without_receipt" in written
    for secret in ("Wilhelmina", "wilhelmina", "900199", other.token):
        assert secret not in written

    assert [m["text"] for m in log if m["from"] == "contact"] == ["one", "two", "three"]
    answers = [m["text"] for m in log if m["from"] == "assistant"][1:]
    assert answers == ["You said: one", "You said: two", "You said: three"]
    assert [m["text"] for m in short] == [short[0]["text"], "one", "You said: one"]
    assert set(engine.performed.values()) == {1}
    assert [m["seq"] for m in log] == list(range(1, len(log) + 1))


def test_a_port_in_use_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        second = subprocess.run(
            [sys.executable, "-m", "bot.gateway"],
            env=os.environ | {"RIGHTLINE_PORT": str(port), "PYTHONPATH": str(PROJECT)},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert second.returncode == 1
    assert str(port) in second.stderr
    assert "Traceback" not in second.stderr
