"""Plays scripts one after the other, each in a fresh demo, and says how each went."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.converse.agents import Agents
from bot.converse.channels import Channels
from bot.converse.demo import Demo
from bot.converse.playing import LATE_SECONDS, Player, Record, forget
from bot.converse.reading import ScriptError
from bot.converse.report import Failed
from bot.converse.script import Script, load


@dataclass(frozen=True)
class Result:
    """How one script went.

    Attributes:
        seconds: it took.
        failure: what was not as expected, or None.
    """

    script: Script
    seconds: float
    failure: Failed | None


def find(paths: Sequence[Path]) -> list[Path]:
    """The scripts meant: files as they are given, and of folders every `*.yml` inside, by name."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*.yml")) if path.is_dir() else [path]
    return found


def load_all(paths: Sequence[Path]) -> list[Script]:
    """Read several scripts before any is played.

    Raises:
        ScriptError: some are malformed; names every mistake in all of them.
    """
    scripts, problems = [], []
    for path in paths:
        try:
            scripts.append(load(path))
        except ScriptError as error:
            problems += error.problems
    if problems:
        raise ScriptError(problems)
    return scripts


def play(
    script: Script,
    demo: Demo,
    agents: Agents,
    *,
    record: Record = forget,
    patience: float = LATE_SECONDS,
    channels: Channels | None = None,
) -> None:
    """Reset the demo and play a script.

    Args:
        script: what to play.
        demo: where; everything in it is lost.
        agents: who decides cases.
        record: told the kind and the value of everything personal that is used.
        patience: seconds to wait for what does not come at once.
        channels: the ways to the demo; by default the website's only.

    Raises:
        Failed: something was not as expected.
        DemoError: the demo does not work.
    """
    demo.reset()
    Player(script, demo, agents, record=record, patience=patience, channels=channels).play()


def play_all(
    scripts: Sequence[Script],
    demo: Demo,
    agents: Agents,
    *,
    tell: Callable[[Result], None],
    patience: float = LATE_SECONDS,
    channels: Channels | None = None,
) -> list[Result]:
    """Play scripts in order; a failure does not stop the rest.

    Args:
        scripts: what to play.
        demo: where; everything in it is lost.
        agents: who decides cases.
        tell: told of each result at once.
        patience: seconds to wait for what does not come at once.
        channels: the ways to the demo; by default the website's only.

    Raises:
        DemoError: the demo does not work.
    """
    results = []
    for script in scripts:
        started = time.monotonic()
        failure = None
        try:
            play(script, demo, agents, patience=patience, channels=channels)
        except Failed as failed:
            failure = failed
        results.append(Result(script, time.monotonic() - started, failure))
        tell(results[-1])
    return results
