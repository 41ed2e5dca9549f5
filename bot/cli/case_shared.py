"""What the commands about cases share: where the database is, which case is meant, who is at the keyboard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.project import EXIT_FAILED, EXIT_USAGE, stop

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy.orm import Session

    from actions.cases.models import Case

WIDE = 240

Reference = Annotated[str, typer.Argument(metavar="REF", help="The case's reference, such as PR-7F3K-9Q2M.")]
Agent = Annotated[str, typer.Option("--as", metavar="NAME", help="Your name; it is kept with what you do.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; in words for whoever reads it later.")]


def console() -> Console:
    """Where lists are printed; what is no terminal gets lines long enough to cut nothing off."""
    from rich.console import Console

    found = Console(soft_wrap=True, highlight=False)
    return found if found.is_terminal else Console(soft_wrap=True, highlight=False, width=WIDE)


@contextmanager
def reading() -> Iterator[Session]:
    """A session for looking, on the state folder of this project."""
    join_what_runs()
    from actions.database import get_database

    with get_database().read() as session:
        yield session


@contextmanager
def deciding() -> Iterator[Session]:
    """One transaction; what cannot be done ends the command with its sentence."""
    join_what_runs()
    from actions.cases.interfaces import ChangeRefused
    from actions.database import get_database
    from actions.rights.decisions import DecisionRefused

    try:
        with get_database().write() as session:
            yield session
    except (DecisionRefused, ChangeRefused) as refusal:
        stop(EXIT_FAILED, str(refusal))


def join_what_runs() -> None:
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


def the_case(session: Session, reference: str) -> Case:
    """The case of a reference; ends the command when there is none."""
    from actions.cases import services as cases

    case = cases.by_reference(session, reference)
    if case is None:
        stop(EXIT_FAILED, f"there is no case {reference}. ./rightline cases list shows those that are open.")
    return case


def name_of(by: str) -> str:
    """The name of whoever is at the keyboard; ends the command when it is none of a person's."""
    if not by.strip() or by.strip() in ("contact", "assistant", "worker", "system"):
        stop(EXIT_USAGE, "say who you are with --as and your name.")
    return by.strip()


def day(text: str | None, option: str) -> date | None:
    """A date as `2026-11-23`; ends the command when it is none.

    Args:
        text: what was typed; None when the option was left out.
        option: its name, for the sentence.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        stop(EXIT_USAGE, f"{option} wants a date such as 2026-11-23, not '{text}'.")


def plain(word: str) -> str:
    """A word of the vocabulary as people write it."""
    return word.replace("_", " ")
