"""Starts a real engine, and measures how soon it is ready, what it holds in memory and how fast it parses."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from bot.evaluation.interfaces import Engine, Speed
from bot.evaluation.metrics import percentile
from bot.supervisor.parts import Part, last_lines

READY_SECONDS = 240.0
ANSWER_SECONDS = 30.0
LOOK_SECONDS = 0.1
MESSAGES_AT_MOST = 400


class EngineNotReady(RuntimeError):
    """The engine did not become ready; the message holds the end of its log."""


def measure_engine(part: Part, url: str, texts: Sequence[str], log: Path) -> Engine:
    """Run the engine and let it parse messages, one at a time.

    Args:
        part: the engine.
        url: where it listens.
        texts: messages with placeholders; at most 400 of them, spread over all, are parsed.
        log: where what it says goes.

    Raises:
        EngineNotReady: it ended or took longer than four minutes.
    """
    started = time.perf_counter()
    with _running(part, log) as process, httpx.Client(timeout=ANSWER_SECONDS, trust_env=False) as http:
        _wait(process, http, url, log)
        ready = time.perf_counter() - started
        seconds = [_parse(http, url, text) for text in spread(texts, MESSAGES_AT_MOST)]
        return Engine(ready, resident_mb(process.pid), speed(seconds))


def spread(texts: Sequence[str], most: int) -> list[str]:
    """At most so many of the texts, in their order and evenly spread over them."""
    if len(texts) <= most:
        return list(texts)
    return [texts[position * len(texts) // most] for position in range(most)]


def speed(seconds: Sequence[float]) -> Speed:
    """Median and 95th percentile of durations.

    Args:
        seconds: at least one.
    """
    return Speed(len(seconds), 1000 * percentile(seconds, 0.5), 1000 * percentile(seconds, 0.95))


def resident_mb(process: int) -> float | None:
    """Resident memory of a process in megabytes (of 1,000,000 bytes), None where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found.group(1)) * 1024 / 1e6 if found else None


@contextlib.contextmanager
def _running(part: Part, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        process = subprocess.Popen(
            part.command,
            env=dict(part.environment),
            cwd=part.directory,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=5)


def _wait(process: subprocess.Popen[bytes], http: httpx.Client, url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError, ValueError):
            if http.get(f"{url}/status").json().get("model_file"):
                return
        time.sleep(LOOK_SECONDS)
    raise EngineNotReady(f"the engine did not become ready. Its log, {log}, ends with:\n{last_lines(log)}")


def _parse(http: httpx.Client, url: str, text: str) -> float:
    started = time.perf_counter()
    http.post(f"{url}/model/parse", json={"text": text}).raise_for_status()
    return time.perf_counter() - started
