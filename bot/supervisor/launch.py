"""`up`: brings the parts up in an order that lets contacts write first, and reports what is ready."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import Any

import httpx

from bot.supervisor.instance import Claim, Running
from bot.supervisor.layout import Layout
from bot.supervisor.model import trained_model
from bot.supervisor.scaled import ScaledLayout
from bot.supervisor.servers import ServerMissing
from bot.supervisor.supervisor import Failure, Supervisor

LOOK_SECONDS = 0.1
# What commands on the same state folder have to know of a running Rightline that made its own servers.
SHARED = ("RIGHTLINE_DATABASE_URL", "RIGHTLINE_ENGINE_TRACKER_URL", "RIGHTLINE_ENGINE_REDIS_URL")
LOOK_AGAIN_SECONDS = 5.0


async def launch(
    layout: Layout,
    claim: Claim,
    *,
    demo: bool,
    say: Callable[[str], None],
    greet: Callable[[str], None],
    slack: bool = False,
    prepare: Callable[[], None] = lambda: None,
) -> str | None:
    """Run everything until somebody stops it.

    Args:
        layout: the parts.
        claim: on the state folder; its note is kept up to date.
        demo: whether it is the demo, for the note.
        say: told in one line what happens.
        greet: told the address once, when the gateway accepts messages.
        slack: whether a Slack workspace is served too.
        prepare: makes key, tables and contacts, in a thread, before any part of ours runs.

    Returns:
        Why it ended, or None after an orderly stop.
    """

    def note() -> None:
        shared = {name: layout.environment[name] for name in SHARED if layout.environment.get(name)}
        pids = dict(supervisor.pids)
        try:
            claim.write(Running(os.getpid(), layout.address, demo, dict(layout.ports), pids, shared))
        except OSError as error:
            # A full disk must not end what still runs.
            say(f"the note of what runs could not be written: {error.strerror}")

    supervisor = Supervisor(layout.home / "logs", say=say, changed=note)
    async with supervisor, httpx.AsyncClient(base_url=layout.address, timeout=5, trust_env=False) as client:
        await supervisor.until_stopped(
            _start_all(supervisor, layout, client, say, greet, prepare, slack=slack)
        )
    return supervisor.failure


async def _start_all(
    supervisor: Supervisor,
    layout: Layout,
    client: httpx.AsyncClient,
    say: Callable[[str], None],
    greet: Callable[[str], None],
    prepare: Callable[[], None],
    *,
    slack: bool,
) -> None:
    try:
        for part in await asyncio.to_thread(layout.servers):
            supervisor.start(part)
        await _until_served(layout)
        await asyncio.to_thread(prepare)
    except ServerMissing as error:
        raise Failure(str(error)) from error
    for part in layout.gateways():
        supervisor.start(part)
    await asyncio.gather(
        _start_the_rest(supervisor, layout, client, greet, slack=slack),
        _start_the_engine(supervisor, layout, say),
        _report(supervisor, client, say),
    )


async def _until_served(layout: Layout) -> None:
    """Wait for the servers that are run for us, and make our databases there."""
    if not isinstance(layout, ScaledLayout):
        return
    postgresql = layout.postgresql
    while postgresql is not None and not await asyncio.to_thread(postgresql.accepts):
        await asyncio.sleep(LOOK_SECONDS)
    await asyncio.to_thread(layout.create_databases)


async def _start_the_rest(
    supervisor: Supervisor,
    layout: Layout,
    client: httpx.AsyncClient,
    greet: Callable[[str], None],
    *,
    slack: bool,
) -> None:
    # The gateway first and alone: what it needs of the machine is little, and people wait for it.
    while not await _accepts(client):
        await asyncio.sleep(LOOK_SECONDS)
    greet(layout.address)
    for part in layout.workplaces():
        supervisor.start(part)
    if slack:
        supervisor.start(layout.slack())


async def _start_the_engine(supervisor: Supervisor, layout: Layout, say: Callable[[str], None]) -> None:
    for part in layout.engines(await trained_model(supervisor, layout, say)):
        supervisor.start(part)


async def _report(supervisor: Supervisor, client: httpx.AsyncClient, say: Callable[[str], None]) -> None:
    """Say once for each part, and again after it was away, that it is ready."""
    started = time.monotonic()
    ready: set[str] = set()
    complete = False
    while True:
        states = await _states(client)
        all_ready = set(states.values()) == {"ready"}
        if states:
            running = {name.rpartition("-")[0] or name for name in supervisor.pids}
            now = {part for part, state in states.items() if state == "ready" and part in running}
            for part in sorted(now - ready):
                say(f"{part}: ready ({time.monotonic() - started:.0f} s)")
            ready = now
        else:
            ready.discard("gateway")  # of the others, nobody knows
        if all_ready and not complete:
            complete = True
            say("all parts are ready; Ctrl-C stops them")
        await asyncio.sleep(LOOK_AGAIN_SECONDS if all_ready else 5 * LOOK_SECONDS)


async def _accepts(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).is_success
    except httpx.HTTPError:
        return False


async def _states(client: httpx.AsyncClient) -> dict[str, str]:
    """The state of each part as the gateway sees it, its own included; empty while there is no gateway."""
    try:
        body: Any = (await client.get("/readyz")).json()
    except (httpx.HTTPError, ValueError):
        return {}
    parts = body.get("parts") if isinstance(body, dict) else None
    return {"gateway": "ready", **parts} if isinstance(parts, dict) else {}
