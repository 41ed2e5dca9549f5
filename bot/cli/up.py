"""`./rightline up`: everything, until Ctrl-C."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.data import check_data
from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, engine_python, say, stop

if TYPE_CHECKING:
    from actions.settings import Settings

app = command_app()


@app.command()
def up(
    *,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Where to listen; 0 for any free port.", show_default="8000"),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="On which address to listen.", show_default="127.0.0.1")
    ] = None,
    scale: Annotated[
        bool,
        typer.Option(
            "--scale",
            help="Start several of each part behind a balancer, on PostgreSQL and Redis.",
        ),
    ] = False,
    each: Annotated[int, typer.Option(min=2, max=8, help="With --scale: how many of each part.")] = 2,
) -> None:
    """Start everything and print the address as soon as messages are accepted; Ctrl-C stops it.

    It is a demo with made-up contacts and a mailbox at /demo/mailbox, unless RIGHTLINE_DEMO=0 is set. The
    first start trains the engine's model, which takes a few minutes; messages wait for it. State and logs lie
    in .rightline, or where RIGHTLINE_HOME says.
    """
    os.environ.setdefault("RIGHTLINE_DEMO", "1")
    from actions.settings import get_settings
    from bot.supervisor.instance import AlreadyRunning, Claim
    from bot.supervisor.launch import SHARED, launch
    from bot.supervisor.layout import lay_out
    from bot.supervisor.ports import obstacle
    from bot.supervisor.scaled import lay_out_scaled

    engine_python()
    settings = get_settings()
    host = settings.host if host is None else host
    port = settings.port if port is None else port
    try:
        with Claim(settings.home) as claim:
            if problem := obstacle(host, port):
                stop(EXIT_USAGE, f"{host} port {port} {problem}. Choose another with --port, or --host.")
            layout = (
                lay_out_scaled(settings.home, host, port, demo=settings.demo, each=each)
                if scale
                else lay_out(settings.home, host, port, demo=settings.demo)
            )
            check_data()
            # What is prepared in this process goes where the parts look for it.
            os.environ.update(
                {name: layout.environment[name] for name in SHARED if name in layout.environment}
            )
            get_settings.cache_clear()
            prepare = partial(_prepare_state, layout.environment, demo=settings.demo)
            slack = _serves_slack(settings)
            failure = asyncio.run(
                launch(layout, claim, demo=settings.demo, say=say, greet=_greet, prepare=prepare, slack=slack)
            )
    except AlreadyRunning as error:
        stop(EXIT_USAGE, str(error))
    if failure:
        stop(EXIT_FAILED, failure)


def _serves_slack(settings: Settings) -> bool:
    # Before anything runs: a part that cannot start would end all the others with it.
    if not settings.slack_configured:
        return False
    if problems := settings.slack_problems():
        stop(EXIT_USAGE, "\n".join(["Slack can't be served yet:", *problems, "See docs/slack.md."]))
    from actions.wording.interfaces import WordingError
    from bot.slack.wording import sentences

    try:
        sentences()
    except WordingError as error:
        stop(EXIT_FAILED, str(error))
    return True


def _prepare_state(environment: Mapping[str, str], *, demo: bool) -> None:
    # Before any part runs: two of them must not make the key or the tables at the same moment.
    from alembic.util import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    import actions.database.tables  # noqa: F401 # a table not yet known would be missing
    from actions.crm.demo import prepare
    from actions.crm.interfaces import CrmError
    from actions.database import Database, migrate
    from actions.settings import get_settings
    from bot.supervisor.supervisor import Failure

    url = environment.get("RIGHTLINE_DATABASE_URL") or get_settings().effective_database_url
    try:
        get_settings().master_key()
        migrate(url)
        if demo:
            database = Database(url)
            prepare(database)
            database.dispose()
    except (CommandError, OSError, SQLAlchemyError, ValueError) as error:
        raise Failure(f"the database could not be prepared: {error}") from error
    except CrmError as error:
        raise Failure(f"the CRM could not be given the demo's contacts: {error}") from error


def _greet(address: str) -> None:
    print(f"Rightline accepts messages at {address}", flush=True)
