"""Finds the module of a command by its name, and imports no other."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

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
    "doctor": "Say what is wrong here and what to do about it.",
}


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
    app(args=list(arguments) if arguments is not None else None, prog_name="rightline")
