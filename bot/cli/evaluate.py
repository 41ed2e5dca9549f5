"""`./rightline evaluate`: how well the engine understands labelled text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.model import current_model
from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, stop
from bot.engine.reader import EngineReader
from bot.evaluation.labelled import UNTOUCHED, Malformed, read_labelled
from bot.paths import ENGINE_PYTHON

app = command_app()


@app.command()
def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            exists=True, readable=True, help="Labelled text, or a folder of it; the untouched set without it."
        ),
    ] = None,
    *,
    mistakes: Annotated[
        bool, typer.Option("--mistakes", help="Also print each line that was not understood.")
    ] = False,
) -> None:
    """Measure the understanding on labelled text: one `category<TAB>expected<TAB>text` a line.

    docs/understanding.md says when a line counts as right.
    """
    from actions.settings import get_settings
    from actions.wording import organisation
    from bot.evaluation import summary
    from bot.evaluation.reading import ReaderEnded, hide, read_hidden, read_open
    from bot.evaluation.scoring import score
    from bot.supervisor.layout import engine_environment
    from nlu.pseudonyms import Pseudonymiser

    try:
        lines = read_labelled(file or UNTOUCHED)
    except Malformed as error:
        stop(EXIT_USAGE, "this labelled text cannot be used:\n" + "\n".join(error.problems))
    command = (str(ENGINE_PYTHON), "-m", "nlu.understand", "--model", str(current_model()))
    log = get_settings().home / "logs" / "evaluate.log"
    prepared = hide(lines, Pseudonymiser(public=organisation().public_names))
    try:
        with EngineReader(command, engine_environment(os.environ), log) as reader:
            hidden = read_hidden(reader, prepared)
            opened = read_open(reader, prepared, hidden)
    except ReaderEnded:
        stop(EXIT_FAILED, f"the engine's reader ended; its log is {log}")
    for line in summary.text_of(score(hidden)):
        print(line)
    print(f"without hiding: {score(opened).accuracy}")
    if mistakes:
        for line in summary.mistakes(hidden):
            print(line)
