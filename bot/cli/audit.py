"""`./rightline audit`: prove that nobody has touched the audit trail, and look into it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from bot.cli.case_shared import console, reading
from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, say, stop

NOTED = re.compile(r"(\d+):([0-9a-f]{64})")

app = command_app(
    help="Prove that nobody has touched the audit trail, and look into it.", no_args_is_help=True
)


@app.callback()
def audit() -> None:
    """Hold the commands; each has its own help."""


@app.command()
def verify(
    *,
    noted: Annotated[
        str | None,
        typer.Option(
            metavar="ENTRY:HASH",
            help="An entry noted earlier, somewhere else; it must still be in the chain.",
        ),
    ] = None,
) -> None:
    """Walk the whole chain and name the first link that does not hold.

    It prints the last link. Noted somewhere else, it tells (--noted) a chain that was made anew.
    """
    from actions.audit import services
    from actions.audit.models import AuditEntry

    wanted = None if noted is None else NOTED.fullmatch(noted.strip())
    if noted is not None and wanted is None:
        stop(EXIT_USAGE, "--noted wants what this command printed: an entry's number, a colon and 64 digits.")
    with reading() as session:
        checked = services.check(session, progress=_progress())
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        if checked.broken is not None:
            stop(EXIT_FAILED, f"the first broken link is entry {checked.broken.entry}: {checked.broken.how}.")
        last = checked.first + checked.entries - 1
        if wanted is not None:
            number, mark = int(wanted[1]), wanted[2]
            entry = session.get(AuditEntry, number)
            if number < checked.first:
                say(f"entry {number} went by the rule of retention; the chain begins at {checked.first}.")
            elif entry is None or entry.hash != mark:
                stop(EXIT_FAILED, f"entry {number} is not the one that was noted: the chain was made anew.")
    print(f"{checked.entries} entries, unbroken." if checked.entries else "No entries yet.")
    if checked.entries:
        print(f"last link {last}:{checked.head}")


@app.command("list")
def list_(
    *,
    about: Annotated[
        str | None, typer.Option(metavar="SUBJECT", help="Only entries about this case's reference or hash.")
    ] = None,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many, counted from the end.")] = 50,
) -> None:
    """Print entries, the newest last."""
    from rich.markup import escape
    from rich.table import Table
    from sqlalchemy import select

    from actions.audit.models import AuditEntry
    from actions.cases import references

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("no.", "when (UTC)", "by", "what", "about", "details"):
        table.add_column(heading, no_wrap=heading != "details")
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(last)
    if about is not None:
        query = query.where(AuditEntry.subject == (references.normalised(about) or about))
    with reading() as session:
        found = list(session.scalars(query))
        for entry in reversed(found):
            details = ", ".join(f"{name}={value}" for name, value in entry.details.items())
            at = f"{entry.at:%Y-%m-%d %H:%M:%S}"
            row = (str(entry.id), at, entry.actor, entry.action, entry.subject[:16], details)
            table.add_row(*map(escape, row))
    console().print(table if found else "No entries.")


def _progress() -> Callable[[int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(count: int) -> None:
        print(f"\r{count} entries…", end="", file=sys.stderr, flush=True)

    return show
