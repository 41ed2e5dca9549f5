"""`./rightline converse`: plays conversation scripts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, engine_python, say, stop

if TYPE_CHECKING:
    from bot.converse.agents import Agents
    from bot.converse.running import Result

app = command_app()


@app.command()
def converse(
    scripts: Annotated[
        list[Path], typer.Argument(exists=True, readable=True, help="Scripts, or folders of them.")
    ],
    *,
    url: Annotated[
        str | None, typer.Option(help="Play against the demo at this address. Everything in it is reset.")
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Start a demo for this, even when one runs already.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the scripts are well-formed; play nothing.")
    ] = False,
) -> None:
    """Play conversation scripts, each from the demo's first moment, and show what was not as expected.

    They play against the demo that runs on the state folder (RIGHTLINE_HOME), which is reset for it; without
    one, a demo is started for them and stopped afterwards. The format is in docs/conversations.md.

    Exit codes: 0 as expected, 1 not so, 2 a script is malformed.
    """
    from bot.converse.demo import Demo, DemoError
    from bot.converse.reading import ScriptError
    from bot.converse.running import find, load_all, play_all

    try:
        loaded = load_all(find(scripts))
    except ScriptError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(EXIT_USAGE) from error
    if not loaded:
        stop(EXIT_USAGE, "there is no script here: scripts end in .yml")
    if check:
        say(f"{len(loaded)} scripts are well-formed")
        return
    try:
        with _somewhere(url, own=own) as (address, agents), Demo(address) as demo:
            results = play_all(loaded, demo, agents, tell=_tell)
    except DemoError as error:
        stop(EXIT_FAILED, str(error))
    failed = sum(result.failure is not None for result in results)
    say(f"{len(results) - failed} of {len(results)} scripts went as written")
    if failed:
        raise typer.Exit(EXIT_FAILED)


def _tell(result: Result) -> None:
    verdict = "FAILED" if result.failure else "ok"
    print(f"{verdict:<7}{result.script.title} ({result.seconds:.1f} s)", flush=True)
    if result.failure:
        print(f"{result.failure.render()}\n", flush=True)


@contextmanager
def _somewhere(url: str | None, *, own: bool) -> Iterator[tuple[str, Agents]]:
    """The demo to play against: the address given, the one that runs here, or a new one."""
    from actions.settings import get_settings
    from bot.converse.agents import AgentsAtHome, NoAgents
    from bot.supervisor.instance import find_running
    from bot.supervisor.temporary import DemoFailed, temporary_demo

    settings = get_settings()
    running = None if own else find_running(settings.home)
    if url is not None:
        here = running is not None and running.address == url.rstrip("/")
        yield url, AgentsAtHome(settings.home) if here else NoAgents()
        return
    if running is not None:
        if not running.demo:
            stop(EXIT_USAGE, f"what runs at {running.address} is no demo; scripts would wipe its data.")
        yield running.address, AgentsAtHome(settings.home)
        return
    engine_python()
    os.environ.setdefault("RIGHTLINE_MODELS", str(settings.home))
    say("starting a demo for the scripts…")
    with tempfile.TemporaryDirectory(prefix="rightline-") as folder:
        home = Path(folder)
        try:
            with temporary_demo(home) as started:
                yield started.address, AgentsAtHome(home)
        except DemoFailed as error:
            output = (home / "up.log").read_text(errors="replace").strip()
            stop(EXIT_FAILED, f"{error}\n{output[-2000:]}")
