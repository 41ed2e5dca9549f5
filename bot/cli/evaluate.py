"""`./rightline evaluate`: how well the engine understands labelled text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.model import current_model
from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, say, stop
from bot.evaluation.labelled import UNTOUCHED, Malformed, read_labelled

app = command_app()


@app.command()
def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            readable=True,
            help="Labelled text or a folder of it; without it, the files of tests/understanding.",
        ),
    ] = None,
    *,
    baseline: Annotated[
        bool,
        typer.Option(
            "--baseline", help="Compare with Rasa's default pipeline: hours, once for the same examples."
        ),
    ] = False,
    epochs: Annotated[
        int, typer.Option(min=1, max=100, help="Stop the default pipeline after so many of its 100 epochs.")
    ] = 100,
    report: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Write a page with pictures for people into this folder."),
    ] = None,
    mistakes: Annotated[
        bool, typer.Option("--mistakes", help="Also print each line that was not understood.")
    ] = False,
    engine: Annotated[bool, typer.Option(help="Also start an engine and measure it.")] = True,
) -> None:
    """Measure the understanding on labelled text: one `category<TAB>expected<TAB>text` a line.

    docs/understanding.md says when a line counts as right.
    """
    source = file or UNTOUCHED
    try:
        lines = read_labelled(source)
    except Malformed as error:
        stop(EXIT_USAGE, "this labelled text cannot be used:\n" + "\n".join(error.problems))
    except OSError as error:
        stop(EXIT_USAGE, f"{source} cannot be read: {error.strerror}")

    from actions.settings import get_settings
    from bot.evaluation import summary
    from bot.evaluation.baseline import FitFailed
    from bot.evaluation.engine import EngineNotReady
    from bot.evaluation.measuring import Evaluator, MeasuringFailed
    from bot.supervisor.layout import lay_out

    model = current_model()
    settings = get_settings()
    layout = lay_out(settings.home, settings.host, settings.port, demo=False)
    try:
        found = Evaluator(layout, model, say, epochs).evaluate(
            lines, source.resolve(), with_engine=engine, with_baseline=baseline
        )
    except (FitFailed, EngineNotReady, MeasuringFailed) as error:
        stop(EXIT_FAILED, str(error))
    for line in summary.text_of(found.report):
        print(line)
    if mistakes:
        for line in summary.mistakes(found.scored):
            print(line)
    if report:
        from bot.evaluation.page import write_page

        print(f"report: {write_page(found.report, report)}")
