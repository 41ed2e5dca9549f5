"""`./rightline situations`: what turned up in conversations, and what a person decides about it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.case_shared import Agent, Reference, console, deciding, name_of, reading, the_case
from bot.cli.project import EXIT_FAILED, command_app, stop

app = command_app(
    help="See what turned up in conversations: danger, a child, insults… and decide about it.\n\n"
    "Where somebody else may read a contact's mail, letters are held back until you release or discard them.",
    no_args_is_help=True,
)
Conversation = Annotated[str, typer.Argument(metavar="CONVERSATION", help="As `situations list` shows it.")]


@app.command("list")
def list_() -> None:
    """Print what turned up and is not settled, the newest first."""
    from rich.table import Table

    from actions.situations import services as situations

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("conversation", "situation", "times", "first", "last", "cases"):
        table.add_column(heading, no_wrap=heading != "cases")
    with reading() as session:
        found = situations.listed(session)
        for row in found:
            table.add_row(
                row.conversation_id,
                row.name.replace("_", " "),
                str(row.times),
                f"{row.first_at:%Y-%m-%d %H:%M}",
                f"{row.last_at:%Y-%m-%d %H:%M}",
                ", ".join(situations.references_of(session, row.conversation_id)),
            )
    console().print(table if found else "Nothing turned up.")


@app.command()
def read(conversation: Conversation, *, by: Agent) -> None:
    """Print what was said in a conversation; that you read it is put on the audit trail."""
    from actions.audit import record
    from actions.conversations.models import Conversation as Row
    from actions.handover.services import subject
    from actions.handover.transcript import as_text

    with deciding() as session:
        if session.get(Row, conversation) is None:
            stop(EXIT_FAILED, "there is no such conversation; see situations list.")
        record(
            session, actor=name_of(by), action="conversation_read", subject=subject(conversation), details={}
        )
        print(as_text(session, conversation))


@app.command()
def settle(
    conversation: Conversation,
    situation: Annotated[str, typer.Argument(help="Such as domestic, child or staff.")],
    *,
    by: Agent,
) -> None:
    """Decide that a situation counts no longer: its tag goes, and codes and letters go out again."""
    from actions.situations import services as situations

    name = situation.replace(" ", "_")
    with deciding() as session:
        if not situations.settle(session, conversation, name, by=name_of(by)):
            stop(
                EXIT_FAILED, f"there is no unsettled '{situation}' in that conversation; see situations list."
            )
    print(f"'{situation}' is settled.")


@app.command()
def end(conversation: Conversation, *, by: Agent) -> None:
    """End a conversation after insults or threats; the contact is told where else to turn."""
    from actions.situations import services as situations

    with deciding() as session:
        if not situations.end(session, conversation, by=name_of(by)):
            stop(EXIT_FAILED, "there is no such conversation; see situations list.")
    print("The conversation is ended.")


@app.command()
def release(
    reference: Reference,
    *,
    by: Agent,
    to: Annotated[str | None, typer.Option(help="A safe address that the contact named, instead.")] = None,
) -> None:
    """Send the letters that were held back about a case."""
    from actions.mail import held
    from actions.mail.interfaces import MailRefused

    with deciding() as session:
        case = the_case(session, reference)
        try:
            count = held.release(session, case, by=name_of(by), to=to)
        except MailRefused as refusal:
            stop(EXIT_FAILED, str(refusal))
        print(f"{count} held back about {case.reference}: on the way." if count else "Nothing is held back.")


@app.command()
def discard(reference: Reference, *, by: Agent) -> None:
    """Destroy the letters that were held back about a case, without sending any."""
    from actions.mail import held

    with deciding() as session:
        case = the_case(session, reference)
        count = held.discard(session, case, by=name_of(by))
        print(f"{count} held back about {case.reference}: destroyed." if count else "Nothing is held back.")
