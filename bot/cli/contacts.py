"""`./rightline contacts`: adding contacts, without bringing back those who asked to be deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, say, stop

if TYPE_CHECKING:
    from actions.crm.importing import FileRefused, Report

MOST_LINES = 20
LONG_FILE_BYTES = 200_000

app = command_app(
    help="Add contacts from a file, without bringing back those who asked to be deleted.",
    no_args_is_help=True,
)


@app.callback()
def contacts() -> None:
    """Hold the commands; each has its own help."""


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="CSV in UTF-8; the first line names columns.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would become of each line.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            help="Where they come from, a key of data/notices.yml; a column 'source' comes before it."
        ),
    ] = None,
) -> None:
    """Add the people of a file: all of them, or none where a line is wrong.

    Columns: email (needed), name, surname, work_telephone, mobile_telephone, company, source. People who were
    erased on request are left out and flagged; people who stopped marketing are added with it switched off.
    """
    from bot.cli.case_shared import join_what_runs

    join_what_runs()
    from actions.crm import importing
    from actions.crm.services import get_crm
    from actions.database import get_database
    from actions.notices.interfaces import sources

    if source is not None and source not in sources():
        stop(EXIT_USAGE, f"there is no source '{source}'; there are {', '.join(sources())}.")
    try:
        with _progress(file, "checking") as seen:
            people = importing.check(file, seen)
        with _progress(file, "looking" if dry_run else "adding") as seen:
            report = importing.import_file(
                get_database(), get_crm(), file, source=source, dry_run=dry_run, seen=seen
            )
    except importing.FileRefused as refused:
        _print_mistakes(file, refused)
        raise typer.Exit(EXIT_FAILED) from None
    except OSError as error:
        stop(EXIT_USAGE, f"{file} cannot be read: {error.strerror or error}.")
    _print_report(people, report, dry_run=dry_run)


@app.command()
def allow(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The email address of an erased person.")],
    *,
    by: Annotated[str, typer.Option("--as", metavar="NAME", help="Your name; it is kept with the decision.")],
    reason: Annotated[str, typer.Option(help="Why they may be added again; name nobody in it.")],
    name: Annotated[
        str | None, typer.Option(help="First name and surname, where several people share the address.")
    ] = None,
) -> None:
    """Let a person who was erased be added again, because they want to be."""
    from bot.cli.case_shared import join_what_runs

    join_what_runs()
    from actions.database import get_database
    from actions.preferences import services as preferences

    if not by.strip() or not reason.strip():
        stop(EXIT_USAGE, "say who decides it with --as, and why with --reason.")
    with get_database().write() as session:
        allowed = (
            preferences.allow_again(session, "person", address, name, by=by.strip(), reason=reason.strip())
            if name
            else preferences.allow_again(
                session, "email", address.strip(), by=by.strip(), reason=reason.strip()
            )
        )
    if not allowed:
        stop(EXIT_FAILED, "nobody of that address was erased on request; there is nothing to allow.")
    print("They may be added again. Marketing stays as they left it.")


@contextmanager
def _progress(file: Path, what: str) -> Iterator[Callable[[], None]]:
    """A bar on standard error for a long file; nothing for a short one."""
    if not file.is_file() or file.stat().st_size < LONG_FILE_BYTES:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with file.open("rb") as content:
        lines = sum(1 for _ in content)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=max(1, lines - 1))
        yield lambda: bar.advance(task)


def _print_mistakes(file: Path, refused: FileRefused) -> None:
    for mistake in refused.mistakes[:MOST_LINES]:
        print(f"{file}: {mistake}")
    if refused.count > MOST_LINES:
        print(f"… and {refused.count - MOST_LINES} more.")
    number = "one mistake" if refused.count == 1 else f"{refused.count} mistakes"
    say(f"{number} in {file.name}; nothing was imported. Mend them and run it again.")


def _print_report(people: int, report: Report, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    print(f"{people} people in the file; {report.added} {would}added.")
    if report.counts["on_file"]:
        print(f"{report.counts['on_file']} are on file already and {would or 'were '}left as they are.")
    if report.counts["repeated"]:
        print(f"{report.counts['repeated']} stand in the file more than once.")
    for line, case in report.blocked[:MOST_LINES]:
        print(f"line {line}: left out: this person was erased on request ({case}).")
    if report.blocked:
        print(f"{len(report.blocked)} left out, because they were erased on request; a colleague has a task.")
    for title, lines in (
        ("get no marketing, as they asked", report.opted_out),
        ("share an address with somebody on file", report.shared),
    ):
        if lines:
            print(f"{len(lines)} {title}: {_listed(lines)}.")
    if dry_run:
        print("Nothing was changed.")


def _listed(lines: list[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:MOST_LINES])
    return f"line {shown}" + (" and more" if len(lines) > MOST_LINES else "")
