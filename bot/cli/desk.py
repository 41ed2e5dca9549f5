"""`./rightline desk`: who may work at the support desk."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from bot.cli.project import EXIT_USAGE, command_app, stop

app = command_app(
    help="Invite agents to the support desk, list them, and end their access.\n\n"
    "The desk is the page /desk of the gateway. It works on the state folder, as `cases` does.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="As contacts see the agent, such as sam.")]


@app.command()
def invite(
    name: Name,
    role: Annotated[str, typer.Option(help="observer, agent, approver or dpo.")] = "agent",
) -> None:
    """Print a new token for an agent. It is shown only here; one they had before ends."""
    from actions.database import get_database
    from actions.handover import desk_agents
    from actions.handover.interfaces import HandoverRefused

    try:
        with get_database().write() as session:
            token = desk_agents.invite(session, name, role, by=getpass.getuser())
    except HandoverRefused as refusal:
        stop(EXIT_USAGE, str(refusal))
    print(token)


@app.command()
def revoke(name: Name) -> None:
    """End an agent's access at once."""
    from actions.database import get_database
    from actions.handover import desk_agents
    from actions.handover.interfaces import HandoverRefused

    try:
        with get_database().write() as session:
            desk_agents.revoke(session, name, by=getpass.getuser())
    except HandoverRefused as refusal:
        stop(EXIT_USAGE, str(refusal))
    print(f"{name} can't use the desk any more.")


@app.command("list")
def list_() -> None:
    """Print who may work at the desk, and who is on duty."""
    from actions.clock import now
    from actions.database import get_database
    from actions.handover import desk_agents

    with get_database().read() as session:
        for agent in desk_agents.known(session):
            on = agent.on_duty_until is not None and agent.on_duty_until > now(session)
            print(f"{agent.name}\t{agent.role}\t{'on duty' if on else 'off duty'}")
