"""What the commands share: how they are made, and how they end with a sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

import typer

from bot.paths import ENGINE_PYTHON

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_MISSING = 3


def command_app(**settings: Any) -> typer.Typer:
    """An application for the `app` of a command's module: without typer's own extras.

    Args:
        settings: given to `typer.Typer`.
    """
    return typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, **settings
    )


def say(sentence: str) -> None:
    """Tell the person at the terminal; standard output is for results."""
    print(f"rightline: {sentence}", file=sys.stderr, flush=True)


def stop(code: int, sentence: str) -> NoReturn:
    """End the command with a sentence on standard error and an exit code."""
    say(sentence)
    raise typer.Exit(code)


def engine_python() -> Path:
    """The engine environment's Python; ends the command when that environment is not there."""
    if not ENGINE_PYTHON.exists():
        stop(EXIT_MISSING, "the engine's environment is missing; ./rightline makes it.")
    return ENGINE_PYTHON
