"""`./rightline cases export|evidence`: what is handed to those who ask us to account for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.case_shared import Reference, day, reading, the_case
from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, stop

app = command_app()


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file to write; - prints it.")],
    *,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Only requests received on this day or later."),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="Only requests received on this day or earlier."),
    ] = None,
) -> None:
    """Write the register of requests as CSV: one line a case, nothing about whom it is from."""
    from actions.cases import register

    start, end = day(first, "--from"), day(last, "--to")
    if start is not None and end is not None and start > end:
        stop(EXIT_USAGE, f"--from {start} lies after --to {end}.")
    with reading() as session:
        if str(file) == "-":
            register.export(session, typer.get_text_stream("stdout"), first=start, last=end)
            return
        fresh = file.with_name(f"{file.name}.new")
        try:
            with fresh.open("w", encoding="utf-8", newline="") as out:
                count = register.export(session, out, first=start, last=end)
            fresh.replace(file)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            stop(
                EXIT_FAILED, f"{file} cannot be written ({error.strerror}); name a file in a folder of yours."
            )
    print(f"{count} case{'s' * (count != 1)} written to {file}{_span(start, end)}.")


@app.command()
def evidence(
    reference: Reference,
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to; by default a folder that retention empties again."),
    ] = None,
    with_notes: Annotated[
        bool, typer.Option("--with-notes", help="Also agents' notes, which may be about other people.")
    ] = False,
) -> None:
    """Write one case's evidence, as a page to read and as data: what happened, when, why, and the proof."""
    from actions.evidence import gathering, services
    from actions.retention.interfaces import evidence_folder

    folder = out or evidence_folder()
    with reading() as session:
        found = gathering.gather(session, the_case(session, reference), with_notes=with_notes)
    try:
        written = services.write(found, folder)
    except OSError as error:
        stop(EXIT_FAILED, f"{folder} cannot be written to ({error.strerror}); name another with --out.")
    for path in written:
        print(path)
    if found.trail.chain_broken:
        stop(EXIT_FAILED, f"the audit trail is broken at {found.trail.chain_broken}.")


def _span(first: date | None, last: date | None) -> str:
    parts = [f"from {first}" if first else "", f"until {last}" if last else ""]
    said = " ".join(part for part in parts if part)
    return f", received {said}" if said else ""
