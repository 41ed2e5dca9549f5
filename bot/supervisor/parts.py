"""One part: a program of its own, and the process that runs it now."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOG_BYTES = 5_000_000


@dataclass(frozen=True)
class Part:
    """What to run.

    Attributes:
        name: as people and log files call it.
        command: program and arguments.
        environment: all of its environment.
        directory: where it runs.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path


async def spawn(part: Part, logs: Path, *, capture: bool = False) -> asyncio.subprocess.Process:
    """Start a part as the leader of a process group of its own, writing to `logs/<name>.log`.

    Args:
        part: what to run.
        logs: folder of the logs; made when missing.
        capture: standard output is for the caller; only errors go to the log.

    Raises:
        OSError: the program cannot be started.
    """
    logs.mkdir(parents=True, exist_ok=True)
    path = logs / f"{part.name}.log"
    _rotate(path)
    with path.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *part.command,
            env=dict(part.environment),
            cwd=part.directory,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if capture else log,
            stderr=log,
            start_new_session=True,
        )


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to every process of a group; one that has ended is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def describe_end(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def last_lines(path: Path, count: int = 5) -> str:
    """The end of a log, or nothing."""
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    return ""


def _rotate(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
