"""`./rightline test`: pytest over the whole project."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from bot.cli.project import command_app
from bot.paths import PROJECT

app = command_app()


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
    command = [sys.executable, "-m", "pytest", *(["--full"] if full else []), *(arguments or [])]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 # pytest takes this process's place: its signals and its exit code
