"""`./rightline cases why|acknowledge|ask|answered|extend|start|law`: a case's clock, in an agent's hands."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.case_shared import (
    Agent,
    Reason,
    Reference,
    console,
    day,
    deciding,
    name_of,
    plain,
    reading,
    the_case,
)
from bot.cli.project import EXIT_USAGE, command_app, stop

app = command_app()

Told = Annotated[
    str,
    typer.Option(
        metavar="HOW", help="How you told the contact yourself, as 'by telephone'; sends no letter."
    ),
]


@app.command()
def why(reference: Reference) -> None:
    """Say why a case is due when it is: the rule, its source, and each pause and shift."""
    from rich.markup import escape
    from rich.table import Table

    from actions.cases.deadlines import local_date
    from actions.cases.explain import explain
    from actions.clock import now

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("step", "count", "rule or day"):
        table.add_column(heading, no_wrap=heading == "step")
    with reading() as session:
        case = the_case(session, reference)
        for row in explain(case, today=local_date(now(session))).rows:
            table.add_row(plain(row["id"]), escape(row["value"]), escape(row["label"]))
    console().print(table)


@app.command()
def acknowledge(reference: Reference, *, by: Agent, told: Told = "") -> None:
    """Tell the contact that the request is on record and when to expect an answer."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference)
        cases.acknowledge(session, case, by=name_of(by), told=told)
        print(f"{case.reference} is acknowledged.")


@app.command()
def ask(
    reference: Reference,
    *,
    by: Agent,
    question: Annotated[str, typer.Option(help="What the contact reads.")],
    told: Told = "",
) -> None:
    """Ask the contact something; for access, the clock stands still until the answer."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference)
        stops = cases.ask_contact(session, case, question, by=name_of(by), told=told)
        stands = "its clock stands still" if stops else f"its clock goes on; due {case.due_on:%-d %B %Y}"
        print(f"{case.reference} waits for the contact; {stands}.")


@app.command()
def answered(
    reference: Reference,
    *,
    by: Agent,
    answer: Annotated[str, typer.Option(help="What the contact said; kept encrypted.")] = "",
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="When the answer came; today if left out.")
    ] = None,
) -> None:
    """Note that the contact has answered; the clock runs again."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference)
        cases.clarified(session, case, by=name_of(by), answer=answer, on=day(on, "--on"))
        waited = f"{case.paused_days} day{'s' * (case.paused_days != 1)} not counted"
        print(f"{case.reference} goes on; {waited}, due {case.due_on:%-d %B %Y}.")


@app.command()
def extend(reference: Reference, *, by: Agent, reason: Reason, told: Told = "") -> None:
    """Extend a complex request to three months, and tell the contact why, within the first month."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference)
        due = cases.extend(session, case, reason, by=name_of(by), told=told)
        print(f"{case.reference} is due {due:%-d %B %Y} now.")


@app.command()
def start(
    reference: Reference,
    *,
    by: Agent,
    reason: Reason,
    proof: Annotated[str | None, typer.Option(metavar="DATE", help="When the proof came.")] = None,
    first_words: Annotated[
        bool, typer.Option("--first-words", help="Count from the first words again.")
    ] = False,
) -> None:
    """Count from the day a proof came that had to be asked for and could not be waived."""
    from actions.cases import services as cases

    if (proof is None) != first_words:
        stop(EXIT_USAGE, "say when the proof came with --proof DATE, or take that back with --first-words.")
    with deciding() as session:
        case = the_case(session, reference)
        due = cases.choose_start(session, case, day(proof, "--proof"), reason, by=name_of(by))
        print(f"{case.reference} was received {case.received_at:%-d %B %Y} and is due {due:%-d %B %Y} now.")


@app.command("review-on")
def review_on(
    reference: Reference,
    date: Annotated[str, typer.Argument(metavar="DATE", help="When, as 2027-11-23.")],
    *,
    by: Agent,
    reason: Reason,
) -> None:
    """Say when a ground to keep something is looked at again; that day brings a task."""
    from actions.cases import services as cases

    on = day(date, "DATE")
    if on is None:
        stop(EXIT_USAGE, "say when, as 2027-11-23.")
    with deciding() as session:
        case = the_case(session, reference)
        cases.set_review(session, case, on, reason, by=name_of(by))
        print(f"{case.reference} is looked at again on {on:%-d %B %Y}.")


@app.command()
def law(
    reference: Reference,
    jurisdiction: Annotated[str, typer.Argument(metavar="uk|eu|other", help="Whose law it falls under.")],
    *,
    by: Agent,
) -> None:
    """Say whose law a case falls under: outside the UK the clock never stands still."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference)
        cases.set_jurisdiction(session, case, jurisdiction, by=name_of(by))
        print(f"{case.reference} falls under {jurisdiction} law; due {case.due_on:%-d %B %Y}.")
