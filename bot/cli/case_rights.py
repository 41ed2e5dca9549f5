"""`./rightline cases lift|callback`: what an agent does about identity and restrictions."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.case_shared import Agent, Reason, Reference, deciding, name_of, the_case
from bot.cli.project import EXIT_FAILED, command_app, stop

app: typer.Typer = command_app()


@app.command()
def lift(reference: Reference, *, by: Agent, reason: Reason) -> None:
    """Let a restriction end; the contact is told a week before, with the reason."""
    from actions.crm.services import get_crm
    from actions.rights import decisions

    with deciding() as session:
        case = the_case(session, reference)
        decisions.lift(session, get_crm(), case, by=name_of(by), reason=reason)
        print(f"The contact is told that the restriction of {case.reference} ends in a week.")


@app.command()
def callback(
    reference: Reference,
    *,
    by: Agent,
    contact: Annotated[str, typer.Option(metavar="ID", help="Whom you take the requester to be.")],
) -> None:
    """Show which telephones of a contact may be rung to find out who is asking; that you saw them is kept."""
    from actions.clock import now
    from actions.crm.services import get_crm
    from actions.identity import lost_mailbox

    with deciding() as session:
        case = the_case(session, reference)
        found = get_crm().get(contact)
        if found is None:
            stop(EXIT_FAILED, f"the CRM has no contact {contact}.")
        numbers = lost_mailbox.numbers_to_ring(session, found, now(session))
        lost_mailbox.note_rung(session, case, contact, by=name_of(by))
        print("\n".join(numbers) or "None has been on file long enough; find another way, papers last.")


@app.command()
def breach(
    *,
    by: Agent,
    what: Annotated[str, typer.Option(help="What happened; kept encrypted.")],
    about: Annotated[
        str | None, typer.Option("--about", metavar="REF", help="The case whose answer went wrong.")
    ] = None,
) -> None:
    """Report a breach of our own, such as an answer to the wrong person; the officer is paged at once."""
    from actions.rights import breach as breaches

    with deciding() as session:
        case = the_case(session, about) if about else None
        found = breaches.report(session, by=name_of(by), words=what, about=case)
        print(f"{found.reference} is on record; {breaches.ends(found):%-d %B %H:%M} UTC is 72 hours on.")
