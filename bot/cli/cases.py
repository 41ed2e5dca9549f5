"""`./rightline cases`: what an agent does with cases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, stop

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from actions.cases.models import Case

MOST_LISTED = 1000

app = command_app(
    help="List, show, approve and refuse cases, as an agent does.\n\n"
    "It works on the state folder, .rightline or what RIGHTLINE_HOME says, whether Rightline runs or not.",
    no_args_is_help=True,
)

Reference = Annotated[str, typer.Argument(metavar="REF", help="The case's reference, such as PR-7F3K-9Q2M.")]
Agent = Annotated[str, typer.Option("--as", metavar="NAME", help="Your name; it is kept with the decision.")]


@app.command("list")
def list_(
    *,
    state: Annotated[
        str | None, typer.Option(help="Only cases in this state, such as awaiting_approval.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Closed ones too, and those that wait for proof of identity.")
    ] = False,
) -> None:
    """Print the cases under way, the most urgent first: right, state, when they are due, what to look at."""
    from rich.console import Console
    from rich.table import Table

    from actions.cases import services as cases
    from actions.cases.interfaces import UNVERIFIED_STATES
    from actions.clock import now

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("reference", "right", "state", "due", "left", "note"):
        table.add_column(heading, no_wrap=heading != "note")
    with _reading() as session:
        try:
            found = cases.listed(session, state=state, limit=MOST_LISTED)
        except ValueError as error:
            stop(EXIT_USAGE, f"{error}.")
        today = now(session).date()
        shown = [
            case
            for case in found
            if everything or state or (case.is_open and case.state not in UNVERIFIED_STATES)
        ]
        for case in shown:
            left = f"{(case.due_on - today).days} days" if case.is_open else ""
            table.add_row(
                case.reference, _plain(case.right), _plain(case.state), str(case.due_on), left, _note(case)
            )
    Console(soft_wrap=True).print(table if shown else "No cases.")
    if len(shown) < len(found):
        more = len(found) - len(shown)
        print(f"({more} more closed or waiting for proof of identity: --all shows them)")


@app.command()
def show(reference: Reference) -> None:
    """Print one case: where it stands, why it is due when it is, and its history."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from actions.cases import services as cases
    from actions.cases.explain import explain

    facts, history = Table.grid(padding=(0, 2)), Table.grid(padding=(0, 2))
    for _ in ("when", "step", "by"):
        history.add_column(no_wrap=True)
    history.add_column()
    with _reading() as session:
        case = _found(session, reference)
        for name, value in _facts(case):
            facts.add_row(f"[bold]{name}[/bold]", escape(value))
        facts.add_row("[bold]why[/bold]", explain(case).text)
        for event in cases.history(session, case):
            step = " → ".join(_plain(part) for part in (event.from_state, event.to_state) if part)
            history.add_row(f"{event.at:%Y-%m-%d %H:%M}", step, escape(event.by), escape(event.note))
    console = Console(soft_wrap=True, highlight=False)
    console.print(facts)
    console.print("\n[bold]history[/bold] (UTC)")
    console.print(history)


@app.command()
def approve(
    reference: Reference,
    *,
    by: Agent,
    contact: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Whom it is about, where the address alone does not tell."),
    ] = None,
) -> None:
    """Approve a case that waits for a person, and set in motion what it asks for."""
    from actions.crm.services import get_crm
    from actions.rights import decisions

    with _deciding() as session:
        case = _found(session, reference)
        decisions.approve(session, get_crm(), case, by=_name(by), contact_id=contact)
        print(f"{case.reference} is approved and {_plain(case.state)}.")


@app.command()
def refuse(
    reference: Reference,
    *,
    by: Agent,
    reason: Annotated[str, typer.Option(help="Why; the contact reads it, and how to complain.")],
) -> None:
    """Refuse a case, with the reason that the contact is told."""
    from actions.rights import decisions

    with _deciding() as session:
        case = _found(session, reference)
        decisions.refuse(session, case, by=_name(by), reason=reason)
        print(f"{case.reference} is refused.")


@contextmanager
def _reading() -> Iterator[Session]:
    _join_what_runs()
    from actions.database import get_database

    with get_database().read() as session:
        yield session


@contextmanager
def _deciding() -> Iterator[Session]:
    """One transaction; a decision that cannot be taken ends the command with its sentence."""
    _join_what_runs()
    from actions.cases.interfaces import TransitionRefused
    from actions.database import get_database
    from actions.rights.decisions import DecisionRefused

    try:
        with get_database().write() as session:
            yield session
    except (DecisionRefused, TransitionRefused) as refusal:
        stop(EXIT_FAILED, str(refusal))


def _join_what_runs() -> None:
    """Take the settings of what runs on this state folder, which carries out what is decided here."""
    from actions.database import migrate
    from actions.settings import get_settings
    from bot.supervisor.instance import find_running

    home = get_settings().home
    running = find_running(home)
    if running is None and not (home / "rightline.db").exists() and not get_settings().database_url:
        stop(EXIT_FAILED, f"there is nothing in {home} yet; ./rightline up begins it.")
    if running is not None:
        host, _, port = running.address.removeprefix("http://").rpartition(":")
        for name, value in (("DEMO", str(int(running.demo))), ("HOST", host.strip("[]")), ("PORT", port)):
            os.environ.setdefault(f"RIGHTLINE_{name}", value)
        get_settings.cache_clear()
        return
    migrate()


def _found(session: Session, reference: str) -> Case:
    from actions.cases import services as cases

    case = cases.by_reference(session, reference)
    if case is None:
        stop(EXIT_FAILED, f"there is no case {reference}. ./rightline cases list shows those that are open.")
    return case


def _name(by: str) -> str:
    if not by.strip() or by.strip() in ("contact", "assistant", "worker"):
        stop(EXIT_USAGE, "say who decides with --as and your name.")
    return by.strip()


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    yield "reference", case.reference
    yield "right", _plain(case.right)
    yield "state", _plain(case.state)
    yield "received", f"{case.received_at:%Y-%m-%d %H:%M} UTC, by {case.channel}"
    yield "due", f"{case.due_on:%A %-d %B %Y}"
    yield "contact", case.contact_id or _candidates(case) or "not known yet"
    if note := _note(case):
        yield "note", note
    if case.decision:
        at = f", {case.decided_at:%Y-%m-%d %H:%M} UTC" if case.decided_at else ""
        yield "decision", f"{case.decision} by {case.decided_by}{at}"
    if case.reason:
        yield "reason", case.reason


def _note(case: Case) -> str:
    """Why a person has to look, without anything personal."""
    doubts = {
        "shared": "the address is shared",
        "role": "a role address",
        "left": "the contact has left the company",
        "bounced": "mail to the address bounced",
        "recently_changed": "the address was changed lately",
    }
    details = case.details or {}
    parts = [doubts.get(details.get("doubt", ""), ""), "agreement active" if _keeps(details) else ""]
    return "; ".join(part for part in parts if part)


def _keeps(details: dict[str, object]) -> bool:
    plan = details.get("plan")
    return isinstance(plan, dict) and plan.get("ground") == "active_agreement"


def _candidates(case: Case) -> str:
    found = (case.details or {}).get("candidates", ())
    return f"one of: {', '.join(found)}" if found else ""


def _plain(word: str) -> str:
    return word.replace("_", " ")
