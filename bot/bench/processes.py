"""The processes that are measured, each alone on the machine but for the stub and the clients."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.bench import stub
from bot.paths import ENGINE_PYTHON, PROJECT
from bot.supervisor.layout import engine_environment
from bot.supervisor.ports import free_ports

READY_SECONDS = 300.0
STOP_SECONDS = 20.0
TRAINING_SECONDS = 3 * 3600
BASELINE = Path(__file__).with_name("baseline.yml")
LAST_LINES = 2000


class BenchFailed(Exception):
    """Something that is to be measured does not run; the message says what it said."""


@dataclass(frozen=True)
class Engine:
    """An engine that is ready.

    Attributes:
        url: its address.
        ready: seconds it took.
        pid: its process.
    """

    url: str
    ready: float
    pid: int

    def memory(self) -> float:
        """What it and its children hold in memory, in megabytes."""
        return sum(_resident(pid) for pid in (self.pid, *_children(self.pid)))


@contextmanager
def action_server() -> Iterator[str]:
    """The stub's webhook."""
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}/webhook"
    command = (sys.executable, "-m", stub.__name__, str(port))
    with tempfile.TemporaryDirectory(prefix="rl-bench-") as folder:
        log = Path(folder) / "stub.log"
        with _process(command, {**os.environ, "PYTHONPATH": str(PROJECT)}, log) as process:
            _until_answers(process, url, log)
            yield url


@contextmanager
def our_engine(model: Path, actions_url: str) -> Iterator[Engine]:
    """Ours, as `up` runs it, with a tracker of its own."""
    with _engine(actions_url, ("-m", "nlu.engine", "--port", "{port}", "--model", str(model))) as engine:
        yield engine


@contextmanager
def baseline_engine(model: Path, actions_url: str) -> Iterator[Engine]:
    """Rasa as its own command runs it, with its default stores in memory, which favours it."""
    with tempfile.TemporaryDirectory(prefix="rl-bench-") as folder:
        endpoints = Path(folder) / "endpoints.yml"
        endpoints.write_text(f"action_endpoint:\n  url: {actions_url}\n", encoding="utf-8")
        command = (
            *("-m", "rasa", "run", "--enable-api", "--interface", "127.0.0.1", "--port", "{port}"),
            *("--model", str(model), "--endpoints", str(endpoints)),
            *("--credentials", str(PROJECT / "credentials.yml")),
        )
        with _engine(actions_url, command) as engine:
            yield engine


def baseline_model(folder: Path, say: Callable[[str], None]) -> Path:
    """The baseline's model, trained once for the same data, domain and configuration.

    Args:
        folder: where models are kept.
        say: told that it takes a while.

    Raises:
        BenchFailed: it cannot be trained.
    """
    target = folder / "bench" / f"{_fingerprint()}.tar.gz"
    if target.is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    say("training Rasa's default set-up on our data, once; few epochs, since they change no cost…")
    command = [
        *(str(ENGINE_PYTHON), "-m", "rasa", "train", "--skip-validation", "--config", str(BASELINE)),
        *("--domain", str(PROJECT / "domain.yml")),
        *("--data", str(PROJECT / "data" / "nlu"), str(PROJECT / "data" / "rules")),
        *("--out", str(target.parent), "--fixed-model-name", target.name.removesuffix(".tar.gz")),
    ]
    with tempfile.TemporaryDirectory(prefix="rl-bench-") as empty:
        done = subprocess.run(
            command,
            cwd=empty,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TRAINING_SECONDS,
            check=False,
        )
    if done.returncode != 0 or not target.is_file():
        raise BenchFailed(f"Rasa's default set-up could not be trained:\n{done.stdout[-LAST_LINES:]}")
    return target


def epochs() -> int:
    """How many epochs the baseline is trained for."""
    found = [line for line in BASELINE.read_text(encoding="utf-8").splitlines() if "epochs:" in line]
    return max(int(line.rpartition(":")[2]) for line in found)


def rasa_version() -> str:
    """The engine's Python and Rasa."""
    code = (
        "import platform as p, rasa.version as r; print('Python', p.python_version(), 'Rasa', r.__version__)"
    )
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env=_environment(),
        check=True,
    )
    return done.stdout.strip()


@contextmanager
def _engine(actions_url: str, arguments: Sequence[str]) -> Iterator[Engine]:
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="rl-bench-") as folder:
        log = Path(folder) / "engine.log"
        told = {"RIGHTLINE_HOME": folder, "RIGHTLINE_ACTIONS_URL": actions_url}
        command = (str(ENGINE_PYTHON), *(part.format(port=port) for part in arguments))
        started = time.monotonic()
        with _process(command, _environment() | told, log) as process:
            url = f"http://127.0.0.1:{port}"
            _until_serves(process, url, log)
            yield Engine(url, time.monotonic() - started, process.pid)


@contextmanager
def _process(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, env=dict(environment), cwd=PROJECT, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_SECONDS)
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    return engine_environment(os.environ) | {"RASA_TELEMETRY_ENABLED": "false"}


def _until_serves(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.HTTPError, ValueError, AttributeError):
            if httpx.get(f"{url}/status", timeout=2, trust_env=False).json().get("model_file"):
                return
        time.sleep(0.1)
    raise BenchFailed(f"the engine does not serve:\n{log.read_text(errors='replace')[-LAST_LINES:]}")


def _until_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.HTTPError):
            httpx.get(url, timeout=2, trust_env=False)
            return
        time.sleep(0.05)
    raise BenchFailed(f"the stub does not run:\n{log.read_text(errors='replace')[-LAST_LINES:]}")


def _fingerprint() -> str:
    digest = hashlib.sha256()
    data = [path for part in ("nlu", "rules") for path in sorted((PROJECT / "data" / part).rglob("*.yml"))]
    for path in [BASELINE, PROJECT / "domain.yml", *data]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, tasks.read_text().split()):
                found += [child, *_children(child)]
    return found


def _resident(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0
