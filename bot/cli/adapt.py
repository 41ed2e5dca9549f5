"""`./rightline adapt`: what the encoder knows of how privacy requests are written."""

from __future__ import annotations

import subprocess
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.data import check_data
from bot.cli.project import EXIT_FAILED, command_app, engine_python, stop

ADAPTING_SECONDS = 6 * 3600

app = command_app()


class Half(StrEnum):
    """What can be learned alone."""

    ENCODER = "encoder"
    LETTERS = "letters"


@app.command()
def adapt(
    only: Annotated[
        Half | None, typer.Option(help="Learn one of the two; letters are learned after the encoder.")
    ] = None,
) -> None:
    """Adapt the encoder to the examples and learn to read letters, and keep both in data/encoder.

    Models are trained on the adapted encoder after that. Needed only where many examples or letters of a new
    kind were added, and worth it only where `./rightline evaluate` says so: docs/understanding.md tells how.
    """
    from actions.settings import get_settings
    from bot.paths import ENGINE_PYTHON, PROJECT
    from bot.supervisor.layout import engine_environment, lay_out

    engine_python()
    check_data()
    settings = get_settings()
    layout = lay_out(settings.home, settings.host, settings.port, demo=settings.demo)
    environment = engine_environment(layout.environment) | {"RIGHTLINE_HOME": str(settings.home)}
    try:
        done = subprocess.run(
            [str(ENGINE_PYTHON), "-m", "nlu.adapting", *(["--only", only.value] if only else [])],
            cwd=PROJECT,
            env=environment,
            timeout=ADAPTING_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        stop(EXIT_FAILED, f"adapting the encoder did not end within {ADAPTING_SECONDS // 3600} hours")
    if done.returncode != 0:
        raise typer.Exit(EXIT_FAILED)
