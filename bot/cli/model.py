"""The engine's model, for commands that need it outside `up`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from bot.cli.data import check_data
from bot.cli.project import EXIT_FAILED, engine_python, say, stop


def current_model(*, again: bool = False) -> Path:
    """Find the model, training it when its inputs changed; ends the command when there is none.

    Args:
        again: train even when nothing changed.
    """
    from actions.settings import get_settings
    from bot.supervisor.layout import Layout, lay_out
    from bot.supervisor.model import trained_model
    from bot.supervisor.supervisor import Supervisor

    engine_python()
    check_data()
    settings = get_settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    found: list[Path] = []

    async def find(layout: Layout) -> str | None:
        async with Supervisor(layout.home / "logs", say=say) as supervisor:

            async def work() -> None:
                found.append(await trained_model(supervisor, layout, say, again=again))
                supervisor.stop()

            await supervisor.until_stopped(work())
        return supervisor.failure

    failure = asyncio.run(find(lay_out(settings.home, settings.host, settings.port, demo=settings.demo)))
    if failure:
        stop(EXIT_FAILED, failure)
    if not found:
        raise typer.Exit(EXIT_FAILED)  # interrupted; the supervisor has said so
    return found[0]
