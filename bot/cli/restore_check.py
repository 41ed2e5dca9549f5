"""`./rightline restore-check`: after a restore from a backup, who came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, say, stop

if TYPE_CHECKING:
    from actions.crm.interfaces import Crm
    from actions.database import Database
    from actions.erasures.replaying import Findings, Records, Returned
    from actions.helpdesk.interfaces import Helpdesk

MOST_LINES = 50

app = command_app(
    help="After a database was restored from a backup: find the people who were erased since and are back, "
    "and erase them again.\n\nRun it before the worker is started on the restored database."
)


@app.callback(invoke_without_command=True)
def restore_check(
    *,
    database: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The restored database; by default the one the settings name."),
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="The ledger of erasures; by default the one the settings name.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Erase them again, instead of only saying who.")
    ] = False,
) -> None:
    """Say who came back (and then end with 1), or erase them again; again, it finds nothing to do."""
    from cryptography.exceptions import InvalidTag
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    from actions.crm.interfaces import CrmError
    from actions.erasures import replaying
    from actions.erasures.ledger import LedgerBroken

    try:
        restored, crm, helpdesk = _restored(database)
        records = _records(ledger)
        with _bar("looking") as seen:
            findings = replaying.find(restored, crm, records, seen)
        _print(findings)
        if apply and not findings.clean:
            replaying.replay(restored, crm, helpdesk, findings)
            print("Erased again, and the suppression list put right.")
    except (LedgerBroken, CrmError) as error:
        stop(EXIT_FAILED, str(error))
    except InvalidTag:
        stop(
            EXIT_FAILED, "the restored database was written with another key; set RIGHTLINE_KEY to that one."
        )
    except ArgumentError:
        stop(EXIT_USAGE, "--database is no database URL; write it like sqlite:////path/to/rightline.db.")
    except SQLAlchemyError as error:
        stop(EXIT_FAILED, f"the restored database cannot be used ({type(error).__name__}); is it whole?")
    if not findings.clean and not apply:
        say("nothing was changed; run it with --apply to erase them again.")
        raise typer.Exit(EXIT_FAILED)


def _restored(url: str | None) -> tuple[Database, Crm, Helpdesk]:
    """The restored database, brought to the present schema, and what goes with it."""
    from sqlalchemy.engine import make_url

    from actions.crm.embedded import EmbeddedCrm
    from actions.crm.services import get_crm
    from actions.database import Database, get_database, migrate
    from actions.helpdesk.embedded import EmbeddedHelpdesk
    from actions.helpdesk.services import get_helpdesk
    from actions.settings import get_settings

    settings = get_settings()
    if url is not None:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            stop(EXIT_FAILED, f"there is no database at {parsed.database}.")
    migrate(url)
    database = get_database() if url is None else Database(url)
    crm: Crm = EmbeddedCrm(database) if settings.crm == "embedded" else get_crm()
    helpdesk: Helpdesk = EmbeddedHelpdesk(database) if settings.helpdesk == "embedded" else get_helpdesk()
    return database, crm, helpdesk


def _records(path: Path | None) -> Records:
    """What the ledger and the database of the settings remember, which is the restored or the living one."""
    from actions.database import get_database
    from actions.erasures import replaying
    from actions.erasures.ledger import read
    from actions.settings import get_settings

    found = path or get_settings().effective_ledger
    if path is not None and not path.is_file():
        stop(EXIT_USAGE, f"there is no ledger at {path}.")
    lines = read(found) if found.is_file() else iter(())
    if not found.is_file():
        say(f"there is no ledger at {found}; only what a database itself remembers can be checked.")
    own = get_database()
    exists = not own.is_sqlite or Path(own.url.database or "").is_file()
    records = replaying.collected(lines, replaying.living(own) if exists else iter(()))
    print(f"{len(records[0])} erasures and {len(records[1])} entries of the suppression list on record.")
    return records


def _print(findings: Findings) -> None:
    for one in findings.returned[:MOST_LINES]:
        print(_line(one))
    if len(findings.returned) > MOST_LINES:
        print(f"… and {len(findings.returned) - MOST_LINES} more.")
    if findings.suppressions:
        print(f"{len(findings.suppressions)} entries of the suppression list are missing or out of date.")
    if findings.wanted:
        print(f"{len(findings.wanted)} contacts would be sent marketing again that they had stopped.")
    if findings.clean and not findings.returned:
        print("Nobody came back.")


def _line(one: Returned) -> str:
    parts = []
    if one.contact_id is not None:
        parts.append(f"contact {one.contact_id} is in the CRM again")
    parts += [f"{count} {name} are back" for name, count in one.ours.items()]
    when = one.record["at"][:10]
    hold = "; a legal hold stands, so they are left alone" if one.held else ""
    return f"{one.record['case']} (erased {when}): {', '.join(parts)}{hold}"


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description} {task.completed:,} contacts"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda count: bar.advance(task, count)
