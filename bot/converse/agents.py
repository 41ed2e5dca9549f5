"""Agents in scripts: they use the same command line as everybody."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.converse.demo import DemoError
from bot.paths import PROJECT

COMMAND_SECONDS = 60.0


@dataclass(frozen=True)
class Done:
    """What a command did: whether it succeeded, and what it said."""

    succeeded: bool
    output: str


class Agents(Protocol):
    """Somebody who decides cases."""

    def decide(self, wish: Mapping[str, str]) -> Done:
        """Carry out an agent's step: `as`, `approves`, `refuses` or `runs`, `reason`, `contact`."""
        ...


class AgentsAtHome:
    """Runs `cases` on the state folder of the demo."""

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        """Nothing is run yet.

        Args:
            home: the state folder.
            settings: environment variables the demo was started with beside it.
        """
        self._home = home
        self._settings = dict(settings or {})

    def decide(self, wish: Mapping[str, str]) -> Done:
        """Carry out an agent's step in a process of its own."""
        command = [sys.executable, "-m", "bot", "cases", *arguments(wish)]
        given = {**os.environ, **self._settings}
        environment = {**given, "RIGHTLINE_HOME": str(self._home), "PYTHONPATH": str(PROJECT)}
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return Done(done.returncode == 0, (done.stdout + done.stderr).strip())


class NoAgents:
    """For a demo of which only the address is known."""

    def decide(self, wish: Mapping[str, str]) -> Done:
        """Refuse: an agent works on the database, which is not here.

        Raises:
            DemoError: always.
        """
        raise DemoError(
            "an agent's step needs the demo's state folder, which an address alone does not tell; "
            "set RIGHTLINE_HOME to it instead of --url"
        )


def arguments(wish: Mapping[str, str]) -> list[str]:
    """An agent's step as arguments of `cases`."""
    if "runs" in wish:
        return [*shlex.split(wish["runs"]), "--as", wish["as"]]
    verb = "approve" if "approves" in wish else "refuse"
    given = [verb, wish[f"{verb}s"], "--as", wish["as"]]
    given += ["--reason", wish["reason"]] if "reason" in wish else []
    return given + (["--contact", wish["contact"]] if "contact" in wish else [])
