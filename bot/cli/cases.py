"""`./rightline cases`: what an agent does with cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import case_clock, case_helpdesk, case_notes, case_records, case_review, case_rights, case_tasks
from bot.cli.case_shared import Agent, Reference, console, deciding, name_of, plain, reading, the_case
from bot.cli.project import EXIT_USAGE, command_app, stop

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from actions.cases.models import Case

MOST_LISTED = 1000

app = command_app(
    help="List, show, approve and refuse cases, and all else that an agent does with them.\n\n"
    "It works on the state folder, .rightline or what RIGHTLINE_HOME says, whether Rightline runs or not.",
    no_args_is_help=True,
)


@app.command("list")
def list_(
    *,
    state: Annotated[
        str | None, typer.Option(help="Only cases in this state, such as awaiting_approval.")
    ] = None,
    right: Annotated[str | None, typer.Option(help="Only cases of this right, such as erasure.")] = None,
    assigned: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this colleague's cases; - for nobody's.")
    ] = None,
    tag: Annotated[str | None, typer.Option(help="Only cases with this tag, such as restricted.")] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Closed and restricted ones too, and those that wait for proof of identity."
        ),
    ] = False,
) -> None:
    """Print the cases under way, the most urgent first: right, state, when they are due, what to look at."""
    from rich.markup import escape
    from rich.table import Table

    from actions.cases import services as cases
    from actions.cases.deadlines import local_date
    from actions.cases.interfaces import UNVERIFIED_STATES
    from actions.clock import now

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("reference", "right", "state", "due", "left", "note"):
        table.add_column(heading, no_wrap=heading != "note")
    with reading() as session:
        try:
            found = cases.listed(
                session,
                state=state,
                right=right,
                assigned_to="" if assigned == "-" else assigned,
                tag=tag,
                limit=MOST_LISTED,
            )
        except ValueError as error:
            stop(EXIT_USAGE, f"{error}.")
        today = local_date(now(session))
        under_way = [case for case in found if case.is_open and case.state not in UNVERIFIED_STATES]
        shown = found if everything or state else under_way
        notes = {case.id: _note(session, case) for case in shown}
        if not (everything or tag):
            shown = [case for case in shown if cases.RESTRICTED not in notes[case.id]]
        for case in shown:
            table.add_row(
                case.reference,
                plain(case.right),
                plain(case.state),
                str(case.due_on),
                _left(case, today),
                escape("; ".join([*_with(case), *notes[case.id]])),
            )
    console().print(table if shown else "No cases.")
    if len(shown) < len(found):
        more = len(found) - len(shown)
        print(f"({more} more closed, restricted or waiting for proof of identity: --all shows them)")


@app.command()
def show(reference: Reference) -> None:
    """Print one case: where it stands, why it is due when it is, and its history."""
    from rich.markup import escape
    from rich.table import Table

    from actions.cases import services as cases
    from actions.cases.deadlines import local_date
    from actions.cases.explain import explain
    from actions.clock import now

    facts, history, beside = (Table.grid(padding=(0, 2)) for _ in range(3))
    for _ in ("when", "step", "by"):
        history.add_column(no_wrap=True)
        beside.add_column(no_wrap=True)
    history.add_column()
    beside.add_column()
    with reading() as session:
        case = the_case(session, reference)
        for name, value in _facts(session, case):
            facts.add_row(f"[bold]{name}[/bold]", escape(value))
        facts.add_row("[bold]why[/bold]", explain(case, today=local_date(now(session))).text)
        for event in cases.history(session, case):
            step = " → ".join(plain(part) for part in (event.from_state, event.to_state) if part)
            history.add_row(f"{event.at:%Y-%m-%d %H:%M}", step, escape(event.by), escape(event.note))
        for note in cases.notes_of(session, case):
            beside.add_row(f"{note.at:%Y-%m-%d %H:%M}", note.kind, escape(note.by), escape(note.text))
    out = console()
    out.print(facts)
    out.print("\n[bold]history[/bold] (UTC)")
    out.print(history)
    if beside.row_count:
        out.print("\n[bold]notes[/bold] (UTC)")
        out.print(beside)


@app.command()
def approve(
    reference: Reference,
    *,
    by: Agent,
    contact: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Whom it is about, where the address alone does not tell."),
    ] = None,
    answer: Annotated[str, typer.Option(help="What the contact is told besides, in your words.")] = "",
    replaced: Annotated[
        bool, typer.Option("--replaced", help="An erasure: somebody else stands in the agreement now.")
    ] = False,
) -> None:
    """Approve a case that waits for a person, and set in motion what it asks for."""
    from actions.crm.services import get_crm
    from actions.rights import decisions

    with deciding() as session:
        case = the_case(session, reference)
        approved = decisions.approve(
            session,
            get_crm(),
            case,
            by=name_of(by),
            contact_id=contact,
            answer=answer,
            replaced=replaced,
        )
        if approved:
            print(f"{case.reference} is approved and {plain(case.state)}.")
        else:
            print(f"{case.reference} has your approval; a second person has to approve it too.")


@app.command()
def refuse(
    reference: Reference,
    *,
    by: Agent,
    reason: Annotated[str, typer.Option(help="Why; the contact reads it, and how to complain.")],
    ground: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The rule behind it; grounds.yml names them under refusal."),
    ] = None,
    signed_off_by: Annotated[
        str, typer.Option("--signed-off-by", metavar="NAME", help="The officer, where the ground needs one.")
    ] = "",
    evidence: Annotated[
        str,
        typer.Option(help="What shows it, where the ground needs the officer; for colleagues only."),
    ] = "",
) -> None:
    """Refuse a case, with the reason that the contact is told."""
    from actions.rights import decisions

    with deciding() as session:
        case = the_case(session, reference)
        decisions.refuse(
            session,
            case,
            by=name_of(by),
            reason=reason,
            ground=ground,
            signed_off_by=signed_off_by,
            evidence=evidence,
        )
        print(f"{case.reference} is refused.")


for module in (
    case_clock,
    case_notes,
    case_review,
    case_helpdesk,
    case_rights,
    case_tasks,
    case_records,
):
    app.registered_commands.extend(module.app.registered_commands)


def _facts(session: Session, case: Case) -> Iterator[tuple[str, str]]:
    from actions.cases import services as cases

    yield "reference", case.reference
    yield "right", plain(case.right)
    yield "state", plain(case.state)
    yield "received", f"{case.received_at:%Y-%m-%d %H:%M} UTC, by {case.channel}"
    if case.starts_at:
        yield "counted from", f"{case.starts_at:%Y-%m-%d}, when the proof came"
    yield "due", f"{case.due_on:%A %-d %B %Y}"
    yield "law", case.jurisdiction
    yield "contact", case.contact_id or _candidates(case) or "not known yet"
    if case.assigned_to:
        yield "with", case.assigned_to
    if notes := _note(session, case):
        yield "note", "; ".join(notes)
    if case.decision:
        at = f", {case.decided_at:%Y-%m-%d %H:%M} UTC" if case.decided_at else ""
        yield "decision", f"{case.decision} by {case.decided_by}{at}"
    if case.reason:
        yield "reason", case.reason
    if case.ground:
        yield "ground", case.ground
    for other, kind in cases.linked(session, case):
        yield "linked", f"{other.reference} ({plain(kind)}; {plain(other.right)}, {plain(other.state)})"
    for search in cases.searches_of(session, case):
        found = "" if search.found is None else f", {search.found} found"
        what = f"searched{found}" if search.searched else "left out"
        yield "searched", ": ".join(part for part in (search.source, what, search.note) if part)
    for task in cases.open_tasks(session, case=case):
        yield "to do", f"{task.id}: {task.text}"


def _left(case: Case, today: date) -> str:
    from actions.cases import counting
    from actions.cases import services as cases

    if not case.is_open:
        return ""
    if counting.in_time(case, today):
        return "acknowledged"
    days = (case.due_on - today).days
    if cases.clock_stands_still(case):
        return "stands still"
    return f"{days} days" if days >= 0 else f"{-days} days late"


def _with(case: Case) -> list[str]:
    return [f"with {case.assigned_to}"] if case.assigned_to else []


def _note(session: Session, case: Case) -> list[str]:
    """Why a person has to look, without anything personal."""
    from actions.cases import services as cases

    doubts = {
        "shared": "the address is shared",
        "role": "a role address",
        "left": "the contact has left the company",
        "bounced": "mail to the address bounced",
        "recently_changed": "the address was changed lately",
    }
    details = case.details or {}
    hold = "legal hold" if cases.on_hold(session, case) else ""
    parts = [hold, doubts.get(details.get("doubt", ""), ""), "agreement active" if _keeps(details) else ""]
    return [*(part for part in parts if part), *cases.tags_of(session, case)]


def _keeps(details: dict[str, object]) -> bool:
    plan = details.get("plan")
    return isinstance(plan, dict) and plan.get("ground") == "active_agreement"


def _candidates(case: Case) -> str:
    found = (case.details or {}).get("candidates", ())
    return f"one of: {', '.join(found)}" if found else ""
