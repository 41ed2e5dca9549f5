"""`./rightline converse`: plays conversation scripts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.project import EXIT_FAILED, EXIT_USAGE, command_app, say, stop

if TYPE_CHECKING:
    from bot.converse.running import Result
    from bot.converse.script import Script

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
    channel: Annotated[
        str | None, typer.Option(help="Play all of them over this channel, web or slack, whatever they say.")
    ] = None,
    patience: Annotated[
        float, typer.Option(min=1, help="Seconds to wait for what does not come at once.")
    ] = 10.0,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the scripts are well-formed; play nothing.")
    ] = False,
) -> None:
    """Play conversation scripts, each from the demo's first moment, and show what was not as expected.

    They play against the demo that runs on the state folder (RIGHTLINE_HOME), which is reset for it; without
    one, a demo is started for them and stopped afterwards. The format is in docs/conversations.md.

    Exit codes: 0 as expected, 1 not so, 2 a script is malformed.
    """
    from bot.cli.demo import somewhere
    from bot.converse.agents import AgentsAtHome, NoAgents
    from bot.converse.channels import channels_to
    from bot.converse.demo import Demo, DemoError
    from bot.converse.running import play_all

    loaded = _over(channel, _load(scripts))
    if check:
        say(f"{len(loaded)} scripts are well-formed")
        return
    with somewhere(url, own=own) as place:
        if place.demo is False:
            stop(EXIT_USAGE, f"what runs at {place.address} is no demo, and scripts would wipe its data.")
        agents = AgentsAtHome(place.home) if place.home else NoAgents()
        try:
            with Demo(place.address) as demo, channels_to(demo, place.home) as channels:
                results = play_all(loaded, demo, agents, tell=_tell, patience=patience, channels=channels)
        except DemoError as error:
            stop(EXIT_FAILED, str(error))
    failed = sum(result.failure is not None for result in results)
    say(f"{len(results) - failed} of {len(results)} scripts went as written")
    if failed:
        raise typer.Exit(EXIT_FAILED)


def _over(channel: str | None, scripts: list[Script]) -> list[Script]:
    from bot.converse.channels import CHANNELS

    if channel is None:
        return scripts
    if channel not in CHANNELS:
        stop(EXIT_USAGE, f"there is no channel '{channel}'. Known: {', '.join(CHANNELS)}.")
    return [replace(script, channel=channel) for script in scripts]


def _load(paths: list[Path]) -> list[Script]:
    from bot.converse.reading import ScriptError
    from bot.converse.running import find, load_all

    try:
        loaded = load_all(find(paths))
    except ScriptError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(EXIT_USAGE) from error
    if not loaded:
        stop(EXIT_USAGE, "there is no script here: scripts end in .yml")
    return loaded


def _tell(result: Result) -> None:
    verdict = "FAILED" if result.failure else "ok"
    print(f"{verdict:<7}{result.script.title} ({result.seconds:.1f} s)", flush=True)
    if result.failure:
        print(f"{result.failure.render()}\n", flush=True)
