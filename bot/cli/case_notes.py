"""`./rightline cases open|assign|note|tag|link|searched|hold|holds|release`: what is put beside a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.case_shared import Agent, Reason, Reference, console, day, deciding, name_of, reading, the_case
from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, stop

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

app = command_app()


@app.command("open")
def open_(
    *,
    by: Agent,
    right: Annotated[str, typer.Option(help="Which right, as erasure.")],
    words: Annotated[str, typer.Option(help="What was asked for; kept encrypted.")] = "",
    inside: Annotated[
        str | None, typer.Option(metavar="REF", help="The request it was found in: same person, same day.")
    ] = None,
    channel: Annotated[str, typer.Option(help="How it came: telephone, email, letter…")] = "telephone",
    received: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it was first made; today if left out.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="The contact's email address, if known.")] = None,
    contact: Annotated[
        str | None, typer.Option(metavar="ID", help="The CRM's id of the contact, if known.")
    ] = None,
    law: Annotated[str, typer.Option(metavar="uk|eu|other", help="Whose law it falls under.")] = "uk",
) -> None:
    """Put a request on record that came by telephone, by letter, or inside another one."""
    from actions.cases import services as cases

    name = name_of(by)
    with deciding() as session:
        try:
            if inside is not None:
                case = cases.open_linked(session, the_case(session, inside), right, by=name)
            else:
                case = cases.open_case(
                    session,
                    right=right,
                    conversation_id=None,
                    received_at=_received(session, day(received, "--received")),
                    channel=channel,
                    address=_well_formed(address),
                    contact_id=contact,
                    state="awaiting_approval",
                    jurisdiction=law,
                    by=name,
                )
        except ValueError as error:
            stop(EXIT_USAGE, f"{error}.")
        if words:
            cases.add_note(session, case, words, by=name)
        print(f"{case.reference} is on record, due {case.due_on:%-d %B %Y}.")


@app.command()
def assign(
    reference: Reference,
    to: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is; - for nobody's.")],
    *,
    by: Agent,
) -> None:
    """Give a case to a colleague."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference)
        cases.assign(session, case, None if to == "-" else to, by=name_of(by))
        print(f"{case.reference} is {f'with {case.assigned_to}' if case.assigned_to else 'with nobody'}.")


@app.command()
def note(
    reference: Reference,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="For colleagues; the contact never sees it.")],
    *,
    by: Agent,
) -> None:
    """Write something down about a case, for colleagues."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference)
        cases.add_note(session, case, text, by=name_of(by))
        print(f"Noted at {case.reference}.")


@app.command()
def tag(
    reference: Reference,
    word: Annotated[str, typer.Argument(metavar="TAG", help="Such as restricted.")],
    *,
    by: Agent,
    remove: Annotated[bool, typer.Option("--remove", help="Take it off.")] = False,
) -> None:
    """Put a tag on a case, or take it off; `restricted` keeps it out of the common list."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference)
        change = cases.remove_tag if remove else cases.add_tag
        change(session, case, word, by=name_of(by))
        print(f"{case.reference} carries: {', '.join(cases.tags_of(session, case)) or 'no tag'}.")


@app.command()
def link(
    reference: Reference,
    other: Annotated[str, typer.Argument(metavar="REF", help="The other case.")],
    *,
    by: Agent,
) -> None:
    """Note that two cases belong together."""
    from actions.cases import services as cases

    with deciding() as session:
        first, second = the_case(session, reference), the_case(session, other)
        cases.link(session, first, second, by=name_of(by))
        print(f"{first.reference} and {second.reference} are linked.")


@app.command()
def searched(
    reference: Reference,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The place, as data/sources.yml calls it.")],
    *,
    by: Agent,
    found: Annotated[int | None, typer.Option(min=0, help="How many records were there.")] = None,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="It was not searched; say why with --note.")
    ] = False,
    text: Annotated[str, typer.Option("--note", help="What was found, or why it was left out.")] = "",
) -> None:
    """Write down that a place was searched for a case, or was left out and why."""
    from actions.cases import services as cases

    if left_out and not text.strip():
        stop(EXIT_USAGE, "say with --note why the place was left out.")
    with deciding() as session:
        case = the_case(session, reference)
        cases.record_search(
            session, case, source, by=name_of(by), searched=not left_out, found=found, note=text
        )
        print(f"{source} is noted as {'left out' if left_out else 'searched'} for {case.reference}.")


@app.command()
def hold(
    reference: Annotated[
        str | None, typer.Argument(metavar="[REF]", help="A case, and with it its contact.")
    ] = None,
    *,
    by: Agent,
    reason: Reason,
    contact: Annotated[str | None, typer.Option(metavar="ID", help="A contact, by the CRM's id.")] = None,
    address: Annotated[str | None, typer.Option(help="An email address.")] = None,
) -> None:
    """Put a case, a contact or an address under legal hold: nothing of it is erased or expires."""
    from actions.cases import services as cases

    with deciding() as session:
        case = the_case(session, reference) if reference else None
        placed = cases.place_hold(
            session,
            by=name_of(by),
            reason=reason,
            case=case,
            contact_id=contact,
            address=_well_formed(address),
        )
        print(f"Hold {placed.id} stands. It is lifted with: ./rightline cases release {placed.id} --as NAME")


@app.command()
def holds() -> None:
    """List the legal holds that stand."""
    from rich.markup import escape
    from rich.table import Table

    from actions.cases import services as cases
    from actions.cases.models import Case

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("no.", "since", "by", "over", "reason"):
        table.add_column(heading, no_wrap=heading != "reason")
    with reading() as session:
        standing = cases.standing_holds(session)
        for one in standing:
            case = session.get(Case, one.case_id) if one.case_id else None
            over = case.reference if case else one.contact_id or "an address"
            table.add_row(
                str(one.id), f"{one.placed_at:%Y-%m-%d}", escape(one.placed_by), over, escape(one.reason)
            )
    console().print(table if standing else "No legal hold stands.")


@app.command()
def release(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The hold, as `cases holds` numbers it.")],
    *,
    by: Agent,
) -> None:
    """Lift a legal hold."""
    from actions.cases import services as cases
    from actions.cases.models import LegalHold

    with deciding() as session:
        found = session.get(LegalHold, number)
        if found is None:
            stop(EXIT_FAILED, f"there is no hold {number}. ./rightline cases holds lists those that stand.")
        cases.lift_hold(session, found, by=name_of(by))
        print(f"Hold {number} is lifted.")


def _received(session: Session, on: date | None) -> datetime:
    from datetime import datetime, time

    from actions.cases.deadlines import local_date, zone
    from actions.clock import now

    present = now(session)
    if on is None or on == local_date(present):
        return present
    if on > local_date(present):
        stop(EXIT_USAGE, f"{on} is not here yet; give the day the request was first made.")
    return datetime.combine(on, time.min, zone())


def _well_formed(address: str | None) -> str | None:
    from actions.identity.addresses import well_formed

    if address is None:
        return None
    found = well_formed(address)
    if found is None:
        stop(EXIT_USAGE, f"'{address}' is no email address.")
    return found
