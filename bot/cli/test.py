"""`./rightline test`: pytest over the whole project."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from bot.cli.project import command_app
from bot.paths import PROJECT

PROCESSES = 2

app = command_app()


def side_by_side(processors: int) -> list[str]:
    """Pytest's arguments for a whole run: two processes where there are processors for them.

    Tests that share servers stay together (`tests/conftest.py`), in the order in which they were collected.
    Full runs measure, so they do one thing at a time.

    Args:
        processors: of this machine.
    """
    if processors < PROCESSES:
        return []
    return ["--numprocesses", str(PROCESSES), "--dist", "loadgroup", "--no-loadscope-reorder"]


@app.command(context_settings={"ignore_unknown_options": True})
def run_tests(
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="PYTEST_ARGUMENTS", help="Given to pytest as they are.")
    ] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="Also the long matrices and benchmarks.")] = False,
) -> None:
    """Run the tests: all but the long ones in fifteen minutes on two cores.

    Examples: `./rightline test -x tests/unit/clock`, `./rightline test --full -k bench`.
    """
    os.chdir(PROJECT)
    chosen = ["--full"] if full else []
    if not full and not arguments:
        chosen += side_by_side(os.cpu_count() or 1)
    command = [sys.executable, "-m", "pytest", *chosen, *(arguments or [])]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 # pytest takes this process's place: its signals and its exit code
