"""`./rightline cases tasks|done`: what people have to do."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.case_shared import Agent, Reference, console, deciding, name_of, plain, reading, the_case
from bot.cli.project import EXIT_FAILED, command_app, stop

MOST_LISTED = 500

app = command_app()


@app.command()
def tasks(
    *,
    reference: Annotated[
        str | None, typer.Option("--case", metavar="REF", help="Only those of one case.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only one kind: review, manual_source, stuck_step, review_date…")
    ] = None,
) -> None:
    """List what people still have to do, the most urgent first."""
    from rich.markup import escape
    from rich.table import Table

    from actions.cases import services as cases
    from actions.cases.models import Case

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("no.", "kind", "due", "case", "what"):
        table.add_column(heading, no_wrap=heading != "what")
    with reading() as session:
        case = the_case(session, reference) if reference else None
        found = cases.open_tasks(session, case=case, kind=kind, limit=MOST_LISTED)
        for task in found:
            of = session.get(Case, task.case_id) if task.case_id else None
            due = str(task.due_on) if task.due_on else ""
            table.add_row(str(task.id), plain(task.kind), due, of.reference if of else "", escape(task.text))
    console().print(table if found else "No tasks.")


@app.command()
def retry(reference: Reference, *, by: Agent) -> None:
    """Try the stuck steps of a case again, once what stopped them is mended."""
    from actions.fulfilment import services as journal

    with deciding() as session:
        case = the_case(session, reference)
        stuck = journal.retry_stuck(session, case, by=name_of(by))
        if not stuck:
            stop(
                EXIT_FAILED, f"no step of {case.reference} is stuck; ./rightline cases show {case.reference}."
            )
        print(f"{stuck} step{'s' * (stuck != 1)} of {case.reference} will be tried again.")


@app.command()
def done(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The task, as `cases tasks` numbers it.")],
    *,
    by: Agent,
    note: Annotated[str, typer.Option(help="What came of it; kept with the case.")] = "",
) -> None:
    """Note that a task is done."""
    from actions.cases import services as cases

    with deciding() as session:
        task = cases.task_by_id(session, number)
        if task is None:
            stop(EXIT_FAILED, f"there is no task {number}. ./rightline cases tasks lists those to be done.")
        if task.done_at is not None:
            stop(EXIT_FAILED, f"task {number} was done by {task.done_by} on {task.done_at:%-d %B %Y}.")
        cases.complete(session, task, by=name_of(by), note=note)
        print(f"Task {number} is done.")
