"""What a form turn costs at the engine's REST channel: ours, and the same assistant as `rasa init` makes it.

    .venv/bin/python -m tests.bench.bench_form_turn

Both have the same examples, domain, rules and action server, each in its own process. The baseline keeps its
trackers in memory, as `rasa init` leaves it, which favours it; ours writes them to SQLite. They run in turns,
never at once.
"""

from __future__ import annotations

import hashlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.engine.actions_stub import ActionsStub
from tests.engine.running import (
    ENGINE_PYTHON,
    MODELS,
    PROJECT,
    RunningEngine,
    engine_environment,
    running_engine,
    trained_model,
)

ROUNDS = 2
CONVERSATIONS = 25
TURNS = 6
TYPED = ("EMAIL_{}", "it should be EMAIL_{} I think", "sorry, try EMAIL_{} instead")
STRUCTURED = '/provide{{"email": "EMAIL_{}"}}'
TRAINING_SECONDS = 3 * 3600
BASELINE = PROJECT / "bot" / "bench" / "baseline.yml"
MOST = 0.5
"""The share of the baseline's median that ours may cost."""


@dataclass
class Timings:
    """Seconds of each form turn, as text and as structured input."""

    typed: list[float] = field(default_factory=list)
    structured: list[float] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        """Both kinds."""
        return self.typed + self.structured


@dataclass(frozen=True)
class Result:
    """Both engines' timings of one run."""

    ours: Timings
    baseline: Timings

    @property
    def ratio(self) -> float:
        """Our median as a share of the baseline's."""
        return statistics.median(self.ours.all) / statistics.median(self.baseline.all)

    def report(self) -> str:
        """The machine, the versions, both medians and their ratio."""
        machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        lines = [
            f"{machine}, {_versions()}",
            f"{'':22}{'typed':>14}{'structured':>14}{'all':>14}",
        ]
        for name, timings in (("ours", self.ours), ("rasa init", self.baseline)):
            columns = (timings.typed, timings.structured, timings.all)
            lines.append(
                f"{name:22}" + "".join(f"{statistics.median(kind) * 1000:11.1f} ms" for kind in columns)
            )
        lines.append(f"ratio {self.ratio:.3f} over {len(self.ours.all)} turns each (at most {MOST})")
        return "\n".join(lines)


def run() -> Result:
    """Measure both, in alternation."""
    result = Result(Timings(), Timings())
    model, baseline = trained_model(), baseline_model()
    with ActionsStub() as stub, tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            with running_engine(model, stub.url, Path(folder)) as engine:
                _measure(engine, result.ours)
            with running_engine(
                baseline, stub.url, Path(folder), *_baseline_command(stub.url, Path(folder))
            ) as engine:
                _measure(engine, result.baseline)
    return result


def baseline_model() -> Path:
    """The baseline's model, trained once for the same data, domain and configuration."""
    target = MODELS / "bench" / f"{_baseline_hash()}.tar.gz"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        sys.stderr.write("training the baseline; this takes minutes, once\n")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [
                    *("nice", "-n", "10", str(ENGINE_PYTHON), "-m", "rasa", "train", "--skip-validation"),
                    *("--config", str(BASELINE), "--domain", str(PROJECT / "domain.yml")),
                    *("--data", str(PROJECT / "data" / "nlu"), str(PROJECT / "data" / "rules")),
                    *("--out", str(target.parent), "--fixed-model-name", target.name.removesuffix(".tar.gz")),
                ],
                cwd=folder,
                env=engine_environment(),
                stdout=sys.stderr,
                check=True,
                timeout=TRAINING_SECONDS,
            )
    return target


def _baseline_hash() -> str:
    digest = hashlib.sha256()
    data = [path for part in ("nlu", "rules") for path in sorted((PROJECT / "data" / part).rglob("*.yml"))]
    for path in [BASELINE, PROJECT / "domain.yml", *data]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _baseline_command(actions_url: str, folder: Path) -> tuple[str, ...]:
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(f"action_endpoint:\n  url: {actions_url}\n", encoding="utf-8")
    return (
        *("-m", "rasa", "run", "--enable-api", "--interface", "127.0.0.1", "--port", "{port}"),
        *(
            "--model",
            "{model}",
            "--endpoints",
            str(endpoints),
            "--credentials",
            str(PROJECT / "credentials.yml"),
        ),
    )


def _measure(engine: RunningEngine, timings: Timings) -> None:
    _conversation(engine, Timings())
    for _ in range(CONVERSATIONS):
        _conversation(engine, timings)


def _conversation(engine: RunningEngine, timings: Timings) -> None:
    sender = engine.new_session()
    engine.say(sender, "/erase")
    for number in range(TURNS):
        typed = number % 2 == 0
        text = (TYPED[number // 2] if typed else STRUCTURED).format(number + 1)
        started = time.monotonic()
        engine.say(sender, text)
        (timings.typed if typed else timings.structured).append(time.monotonic() - started)
    state = engine.tracker(sender)
    assert state["active_loop"].get("name") == "request_form", "the measured turns left the form"


def _versions() -> str:
    code = "import platform, rasa.version as r; print(platform.python_version(), 'Rasa', r.__version__)"
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return f"Python {done.stdout.strip()}"


if __name__ == "__main__":
    outcome = run()
    sys.stdout.write(outcome.report() + "\n")
    sys.exit(outcome.ratio > MOST)
