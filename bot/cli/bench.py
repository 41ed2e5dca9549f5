"""`./rightline bench`: what a message costs, beside Rasa's default set-up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.project import EXIT_FAILED, command_app, say, stop

app = command_app()


@app.command()
def bench(
    *,
    out: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Write a page with pictures for people into this folder."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A minute's worth, to see that it runs: no figures to quote.")
    ] = False,
    baseline: Annotated[
        bool, typer.Option(help="Also measure Rasa's default set-up, trained on our data once.")
    ] = True,
) -> None:
    """Measure messages a second, latencies, memory and what grows, ours and Rasa's default set-up in one run.

    It wants the machine for itself. Exit code 1 when a goal is missed: at least 28 messages a second through
    one engine with eight clients, and at most 45 ms in median for a turn of a form alone.
    """
    from dataclasses import replace

    from actions.settings import get_settings
    from bot.bench.page import lines_of, write_page
    from bot.bench.processes import BenchFailed
    from bot.bench.services import QUICK, Plan, run
    from bot.cli.model import current_model
    from bot.supervisor.temporary import DemoFailed

    model = current_model()
    plan = replace(QUICK if quick else Plan(), baseline=baseline)
    try:
        report = run(plan, model, get_settings().effective_models, say)
    except (BenchFailed, DemoFailed) as error:
        stop(EXIT_FAILED, str(error))
    for line in lines_of(report):
        print(line)
    if out is not None:
        print(f"page: {write_page(report, out)}")
    if report.missed():
        raise typer.Exit(EXIT_FAILED)
