"""Starts a real engine in its own environment, and talks to it as the gateway does."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PROJECT = Path(__file__).resolve().parents[2]
ENGINE_PYTHON = PROJECT / ".venv-engine" / "bin" / "python"

MODELS = Path(os.environ.get("RIGHTLINE_MODELS") or PROJECT / ".rightline")
TRAINING_SECONDS = 600
READY_SECONDS = 240
ANSWER_SECONDS = 30


def engine_environment(**settings: str) -> dict[str, str]:
    """The environment of an engine program: this one's, told to keep quiet, and the given settings."""
    quiet = {"PYTHONPATH": str(PROJECT), "PYTHONWARNINGS": "ignore", "RASA_TELEMETRY_ENABLED": "false"}
    return {**os.environ, **quiet, **settings}


def trained_model() -> Path:
    """The model of the present inputs, trained if it is not there."""
    MODELS.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (MODELS / "training.lock").open("w") as lock:
        # As `./rightline train` does it: one training at a time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            [str(ENGINE_PYTHON), "-m", "nlu.training"],
            cwd=PROJECT,
            env=engine_environment(RIGHTLINE_HOME=str(MODELS)),
            capture_output=True,
            text=True,
            timeout=TRAINING_SECONDS,
        )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip().splitlines()[-1])


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class RunningEngine:
    """An engine that is ready."""

    http: httpx.Client
    log: Path
    database: Path
    ready_seconds: float
    process: subprocess.Popen[bytes]

    def new_session(self) -> str:
        """A sender id that no test used before."""
        return uuid.uuid4().hex

    def say(self, sender: str, message: str, offered: Sequence[str] = (), turn: str = "turn-1") -> list[Any]:
        """Send a message through the REST channel; returns what Rasa utters."""
        metadata = {"turn": turn, "offered": list(offered)}
        content = {"sender": sender, "message": message, "metadata": metadata}
        answer = self.http.post("/webhooks/rest/webhook", json=content)
        answer.raise_for_status()
        uttered: list[Any] = answer.json()
        return uttered

    def parse(self, text: str) -> dict[str, Any]:
        """Understand a text outside of any session."""
        answer = self.http.post("/model/parse", json={"text": text})
        answer.raise_for_status()
        parsed: dict[str, Any] = answer.json()
        return parsed

    def tracker(self, sender: str) -> dict[str, Any]:
        """A session's state with all of its events."""
        answer = self.http.get(f"/conversations/{sender}/tracker", params={"include_events": "ALL"})
        answer.raise_for_status()
        state: dict[str, Any] = answer.json()
        return state


@contextlib.contextmanager
def running_engine(model: Path, actions_url: str, folder: Path, *command: str) -> Iterator[RunningEngine]:
    """Run an engine until the block ends.

    Args:
        model: the trained model.
        actions_url: the action server's webhook.
        folder: where its tracker and its log go.
        command: what to run instead of `nlu.engine`; `{port}` and `{model}` are filled in.
    """
    port, log, database = free_port(), folder / "engine.log", folder / "tracker.db"
    default = ("-m", "nlu.engine", "--port", "{port}", "--model", "{model}")
    arguments = [part.format(port=port, model=model) for part in command or default]
    settings = {"RIGHTLINE_ACTIONS_URL": actions_url, "RIGHTLINE_ENGINE_DATABASE": str(database)}
    started = time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(ENGINE_PYTHON), *arguments],
            cwd=PROJECT,
            env=engine_environment(**settings),
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_SECONDS, trust_env=False
        ) as http:
            _wait_until_ready(process, http, log)
            yield RunningEngine(http, log, database, time.monotonic() - started, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=5)


def _wait_until_ready(process: subprocess.Popen[bytes], http: httpx.Client, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx.HTTPError, ValueError):
            if http.get("/status", timeout=2).json().get("model_file"):
                return
        time.sleep(0.25)
    raise AssertionError(f"the engine did not become ready:\n{log.read_text(errors='replace')[-4000:]}")
