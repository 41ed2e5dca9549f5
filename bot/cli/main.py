"""Finds the module of a command by its name, and imports no other."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.paths import PROJECT

SUMMARY = """Rightline, a privacy-rights assistant: it hears a contact, proves who they are, does what they
ask, and can show it. Start with `./rightline up` and open the address it prints."""

# Command → what the list of commands says of it. The module `bot.cli.<command>` (with underscores) holds it
# as `app`, made by `bot.cli.project.command_app()`; a command without its module is not offered.
COMMANDS = {
    "up": "Start everything and print the address; Ctrl-C stops it.",
    "test": "Run the tests; --full adds the long ones.",
    "train": "Train the engine's model when its inputs changed.",
    "chat": "Hold a conversation in this terminal.",
    "understand": "Say, line by line, what the engine makes of a text.",
    "converse": "Play conversation scripts against a running demo, or one of their own.",
    "cases": "List, show, approve and refuse cases, as an agent does.",
    "audit": "Prove that nobody has touched the audit trail, and look into it.",
    "report": "Write a month's report, with pictures: how many, how quick, how many refused.",
    "contacts": "Add contacts from a file, without bringing back those who asked to be deleted.",
    "notices": "Write to every new contact that their details are held.",
    "restore-check": "After a restore from a backup: find who came back, and erase them again.",
    "desk": "Invite agents to the support desk, list them, end their access.",
    "situations": "See what turned up beside requests: danger, a child, insults; and decide about it.",
    "evaluate": "Measure the understanding on labelled text.",
    "adapt": "Adapt the encoder to the examples anew: a quarter of an hour, seldom needed.",
    "bench": "Measure what a message costs, beside Rasa's default set-up.",
    "doctor": "Say what is wrong here and what to do about it.",
}

# They work on the database of what runs on the state folder; the others start something of their own.
ON_THE_DATABASE = frozenset(
    {"cases", "audit", "report", "contacts", "notices", "restore-check", "desk", "situations", "doctor"}
)


def _module(command: str) -> str:
    return f"bot.cli.{command.replace('-', '_')}"


class CommandModules(TyperGroup):
    """The commands of `COMMANDS`; each module is imported by the command that needs it, not by `--help`."""

    listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands whose module exists, in the order in which a newcomer meets them."""
        return [name for name in COMMANDS if importlib.util.find_spec(_module(name))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, or only its name and summary while the list of commands is written."""
        if cmd_name not in self.list_commands(ctx):
            return None
        if self.listing:
            return TyperCommand(cmd_name, help=COMMANDS[cmd_name])
        if cmd_name in ON_THE_DATABASE:
            _adopt_running()
        command = typer.main.get_command(importlib.import_module(_module(cmd_name)).app)
        command.name = cmd_name
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands without importing any."""
        self.listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self.listing = False


app = typer.Typer(
    cls=CommandModules,
    help=SUMMARY,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def rightline() -> None:
    """Hold the commands; each has its own help."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit the process.

    Args:
        arguments: what follows the program's name; those of the process when left out.
    """
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="rightline")
    except Exception as error:
        sentence = what_to_do(error)
        if sentence is None:
            raise
        sys.stderr.write(f"rightline: {sentence}\n")
        raise SystemExit(1) from None


def what_to_do(error: Exception) -> str | None:
    """What is wrong and how to mend it, for what is no mistake of ours; None for what is."""
    from actions.settings import WrongSettings

    if isinstance(error, WrongSettings):
        return str(error)
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import ArgumentError, InterfaceError, NoSuchModuleError, OperationalError

    if isinstance(error, ArgumentError | NoSuchModuleError):
        return (
            "RIGHTLINE_DATABASE_URL is no URL of a database: write it like postgresql://user@host/rightline."
        )
    if isinstance(error, OperationalError | InterfaceError):
        reason = str(error.orig).strip().splitlines()
        return (
            f"the database cannot be used: {reason[0] if reason else type(error).__name__}. "
            "`./rightline doctor` says more."
        )
    return None


def _adopt_running() -> None:
    """Let commands find the database of what runs on this state folder, when it made its own."""
    from bot.supervisor.instance import find_running

    home = os.environ.get("RIGHTLINE_HOME")
    running = find_running(Path(home).expanduser() if home else PROJECT / ".rightline")
    for name, value in (running.settings if running else {}).items():
        os.environ.setdefault(name, value)
