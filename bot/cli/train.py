"""`./rightline train`: the engine's model."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.model import current_model
from bot.cli.project import command_app

app = command_app()


@app.command()
def train(
    *, again: Annotated[bool, typer.Option("--again", help="Train even when nothing changed.")] = False
) -> None:
    """Train the engine's model when its inputs changed, and print the model's path."""
    print(current_model(again=again))
