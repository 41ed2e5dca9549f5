"""`./rightline report`: a month, for a manager."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.case_shared import reading
from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, stop

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from actions.reporting.interfaces import Month

app = command_app()


@app.command()
def report(
    *,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Which month; the last whole one if left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where to; reports in the state folder if left out.")
    ] = None,
) -> None:
    """Write a month's report as one HTML page: how many requests, which rights, how quick, what was refused.

    It names nobody: requests stand there by their reference.
    """
    from actions.reporting import figures, services
    from actions.settings import get_settings

    with reading() as session:
        counted = figures.count(session, _wanted(session, month))
    folder = out or get_settings().home / "reports"
    try:
        path = services.write(counted, folder)
    except OSError as error:
        stop(EXIT_FAILED, f"{folder} cannot be written to ({error.strerror}); name another with --out.")
    print(path)


def _wanted(session: Session, text: str | None) -> Month:
    from actions.cases.deadlines import local_date
    from actions.clock import now
    from actions.reporting.interfaces import Month

    present = Month.of(local_date(now(session)))
    if text is None:
        return present.back(1)
    try:
        wanted = Month.read(text)
    except ValueError:
        stop(EXIT_USAGE, f"--month wants a month such as 2026-11, not '{text}'.")
    if wanted.first > present.first:
        stop(
            EXIT_USAGE,
            f"{wanted.title} is not here yet; the newest month there is something of is {present}.",
        )
    return wanted
