"""`./rightline cases lift`: what an agent does about a right once its case is decided."""

from __future__ import annotations

import typer

from bot.cli.case_shared import Agent, Reason, Reference, deciding, name_of, the_case
from bot.cli.project import command_app

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
