"""`./rightline notices`: writing to every new contact that their details are held."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, say, stop

if TYPE_CHECKING:
    from rich.progress import Progress

    from actions.database import Database
    from actions.notices.services import Summary

LOOK_SECONDS = 0.3

app = command_app(
    help="Write to every new contact, within 30 days, that we hold their details (policy 12).\n\n"
    "The worker does it daily. Nobody is written to twice, however often it runs or is interrupted."
)


@app.callback(invoke_without_command=True)
def notices(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say whom it would write to.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Write to at most so many now.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Count from this day on, if it is earlier than so far."),
    ] = None,
) -> None:
    """Plan the notices that are due and send them; Ctrl-C stops it, and the same command goes on."""
    from bot.cli.case_shared import join_what_runs

    join_what_runs()
    from actions.crm.interfaces import CrmError
    from actions.crm.services import get_crm
    from actions.database import get_database
    from actions.notices import services

    first = since.replace(tzinfo=UTC) if since else None
    try:
        with _bar() as bar:
            task = bar.add_task("looking" if dry_run else "planning", total=None)
            summary = services.run(
                get_database(),
                get_crm(),
                dry_run=dry_run,
                limit=limit,
                since=first,
                seen=lambda count: bar.advance(task, count),
            )
            bar.update(task, total=summary.seen)
    except CrmError as error:
        stop(EXIT_FAILED, f"{error} What was planned is kept; run it again later.")
    except OverflowError:
        stop(EXIT_USAGE, "that day is out of range.")
    _print(summary, dry_run=dry_run)
    if not dry_run:
        _send(get_database())


def _send(database: Database) -> None:
    """Carry out the notices that wait, beside the worker if one runs."""
    import logging
    from importlib import import_module

    import structlog

    from actions.fulfilment import journal
    from actions.notices import services
    from actions.worker.loop import Worker

    import_module("actions.fulfilment.handlers")
    # The bar says how it goes; what goes wrong is said beside it.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with database.read() as session:
        total = services.waiting(session)
    if not total:
        return
    worker = Worker(database, kinds=(services.KIND,))
    thread = threading.Thread(target=worker.run, name="notices")
    thread.start()
    try:
        with _bar() as bar:
            task = bar.add_task("sending", total=total)
            while True:
                with database.read() as session:
                    left = services.waiting(session)
                    over = not left or not journal.anything_due(session, (services.KIND,))
                bar.update(task, completed=max(0, total - left))
                if over and not worker.busy:
                    break
                threading.Event().wait(LOOK_SECONDS)
    finally:
        worker.stop()
        thread.join()
    with database.read() as session:
        left = services.waiting(session)
    print(f"{total - left} sent or settled, {left} waiting.")
    if left:
        say("the mail server is away, or another worker has them in hand; the worker goes on with those.")


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield bar


def _print(summary: Summary, *, dry_run: bool) -> None:
    counts = summary.counts
    print(f"{summary.seen:,} contacts added since {summary.since:%-d %B %Y} looked at:")
    for count, what in (
        (counts["to_write"], "would be written to" if dry_run else "are written to"),
        (summary.late, "of them are late: they were added more than 30 days ago"),
        (counts["informed"], "were told before"),
        (counts["by_a_person"], "are out of our mail's reach: a person has to tell them"),
        (counts["not_needed"], "are restricted or erased, and are not written to"),
    ):
        if count:
            print(f"{count:>9,} {what}")
    if summary.stopped:
        print("The limit ended it; run it again for the others.")
    if dry_run:
        print("Nothing was changed, and nobody was written to.")
