"""One run: both engines in turns, never at once, and then what grows."""

from __future__ import annotations

import asyncio
import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy

from bot.bench import channel, growth
from bot.bench.interfaces import EngineFigures, Growth, Report
from bot.bench.processes import (
    BenchFailed,
    Engine,
    action_server,
    baseline_engine,
    baseline_model,
    epochs,
    our_engine,
    rasa_version,
)
from bot.supervisor.instance import Running
from bot.supervisor.temporary import DemoFailed, temporary_demo

OURS, BASELINE = "Rightline", "Rasa's default set-up"
READY_SECONDS = 900.0


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        conversations: held alone with each engine, six turns of a form each.
        seconds: how long the crowd talks.
        baseline: whether Rasa's default set-up is measured, too.
        growing: whether to measure what grows.
    """

    conversations: int = 25
    seconds: float = 30.0
    baseline: bool = True
    growing: bool = True


QUICK = Plan(conversations=5, seconds=5.0, growing=False)


def run(plan: Plan, model: Path, models: Path, say: Callable[[str], None]) -> Report:
    """Measure.

    Args:
        plan: how much.
        model: the engine's.
        models: folder where the baseline's model is kept.
        say: told in one line what happens.

    Raises:
        BenchFailed: something that is to be measured does not run.
    """
    ours, theirs = EngineFigures(OURS), EngineFigures(BASELINE) if plan.baseline else None
    default = baseline_model(models, say) if plan.baseline else None
    machine = describe_machine()
    with action_server() as actions:
        say("our engine, alone and with eight clients…")
        with our_engine(model, actions) as engine:
            _measure(engine, ours, plan)
        if theirs is not None and default is not None:
            say("Rasa's default set-up, the same way…")
            with baseline_engine(default, actions) as engine:
                _measure(engine, theirs, plan)
    grown = _grow(plan, say) if plan.growing else []
    return Report(machine, ours, theirs, grown)


def describe_machine() -> list[str]:
    """What it was measured on, before it began."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return [
        f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"load {os.getloadavg()[0]:.1f} when it began",
        f"gateway: Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}",
        f"engines: {rasa_version()}",
        f"Rasa's default set-up: trained for {epochs()} epochs on our data, which decides what it learns and "
        "not what a message costs; its sessions in memory, ours in SQLite",
    ]


def _measure(engine: Engine, figures: EngineFigures, plan: Plan) -> None:
    figures.ready = engine.ready
    asyncio.run(
        channel.measure(
            engine,
            figures,
            conversations=plan.conversations,
            seconds=plan.seconds,
            long=plan.growing,
        )
    )


def _grow(plan: Plan, say: Callable[[str], None]) -> list[Growth]:
    say("what a message costs contacts while things grow…")
    with _demo() as running:
        url = running.settings.get("RIGHTLINE_DATABASE_URL") or os.environ["RIGHTLINE_DATABASE_URL"]
        grown = [
            growth.of_length(running.address),
            growth.of_contacts(running.address, url),
            growth.of_cases(running.address, url),
        ]
        single = growth.throughput(running.address, plan.seconds)
    say("the same through two of each part…")
    try:
        with _demo("--scale") as running:
            growth.throughput(running.address, 5)  # both engines have read something
            double = growth.throughput(running.address, plan.seconds)
    except DemoFailed as error:
        raise BenchFailed(str(error)) from error
    title = "Messages through everything with eight clients, by the number of each part"
    return [*grown, Growth(title, "of each part", {1: single, 2: double}, "messages a second")]


@contextmanager
def _demo(*arguments: str) -> Iterator[Running]:
    """A demo of one's own, whose database can be reached from here."""
    with tempfile.TemporaryDirectory(prefix="rl-bench-") as folder:
        home = Path(folder)
        before = {name: os.environ.get(name) for name in ("RIGHTLINE_HOME", "RIGHTLINE_DATABASE_URL")}
        os.environ["RIGHTLINE_HOME"] = folder
        if not arguments:
            os.environ["RIGHTLINE_DATABASE_URL"] = f"sqlite:///{home / 'rightline.db'}"
        try:
            _forget_settings()
            with temporary_demo(home, ready_within=READY_SECONDS, arguments=arguments) as running:
                yield running
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            _forget_settings()


def _forget_settings() -> None:
    # The demo's key is another one: what is added to its database must be encrypted with that.
    from actions.settings import get_settings
    from actions.vault.cipher import forget_keys

    get_settings.cache_clear()
    forget_keys()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return "an unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "an unknown processor"
