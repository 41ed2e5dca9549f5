"""`./rightline chat`: a conversation in this terminal."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from bot.cli.project import EXIT_FAILED, command_app, say, stop

app = command_app()


@app.command()
def chat(
    *, url: Annotated[str | None, typer.Option(help="Talk to the Rightline at this address.")] = None
) -> None:
    """Hold a conversation in this terminal.

    It talks to the Rightline that runs on the state folder (RIGHTLINE_HOME); without one, a demo is started
    for the conversation and stopped afterwards. In the demo, mail lies at /demo/mailbox.
    """
    from rich.console import Console

    from bot.cli.demo import somewhere
    from bot.converse.demo import Demo, DemoError
    from bot.converse.terminal import Terminal

    with somewhere(url) as place, Demo(place.address) as demo:
        if place.demo:
            say(f"mail arrives at {place.address}/demo/mailbox")
        try:
            Terminal(demo.open(), Console(highlight=False), _read).run()
        except DemoError as error:
            stop(EXIT_FAILED, str(error))


def _read(prompt: str, hidden: bool) -> str:
    if hidden and sys.stdin.isatty():
        return getpass.getpass(prompt)
    return input(prompt)
