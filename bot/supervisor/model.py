"""The engine's model: the one at hand while what it is made from is unchanged, a new one otherwise."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.paths import PROJECT
from bot.supervisor.instance import try_lock
from bot.supervisor.layout import Layout
from bot.supervisor.parts import describe_end, last_lines
from bot.supervisor.supervisor import Failure, Supervisor

LOOK_SECONDS = 0.5

# The engine's half of nlu/ is not ours to import: it lives in another environment.
FINGERPRINT = (
    "import sys, pathlib; from nlu.fingerprint import model_fingerprint; "
    "print(model_fingerprint(pathlib.Path(sys.argv[1])))"
)


async def trained_model(
    supervisor: Supervisor, layout: Layout, say: Callable[[str], None], *, again: bool = False
) -> Path:
    """Find the model, training it when its inputs changed.

    Args:
        supervisor: runs the programs; the end it is asked for ends them too.
        layout: of the instance whose model it is.
        say: told in one line what happens.
        again: train even when nothing changed.

    Raises:
        Failure: it cannot be trained.
    """
    note = layout.models / "model.json"
    fingerprint = await _run(supervisor, layout, "fingerprint", "-c", FINGERPRINT, str(PROJECT))
    if not again and (known := _known(note, fingerprint)):
        return known
    async with _one_training_at_a_time(layout.models, say):
        if not again and (known := _known(note, fingerprint)):  # somebody else has just trained it
            return known
        say("training the engine's model, since its inputs are new…")
        started = time.monotonic()
        model = Path(await _run(supervisor, layout, "training", "-m", "nlu.training"))
        note.write_text(json.dumps({"fingerprint": fingerprint, "model": str(model)}))
        say(f"the model is trained ({time.monotonic() - started:.0f} s)")
        return model


@asynccontextmanager
async def _one_training_at_a_time(models: Path, say: Callable[[str], None]) -> AsyncIterator[None]:
    models.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (models / "training.lock").open("w") as lock:
        waiting = False
        while not try_lock(lock.fileno()):
            if not waiting:
                say("another Rightline is training the model; waiting for it…")
            waiting = True
            await asyncio.sleep(LOOK_SECONDS)
        yield


def _known(note: Path, fingerprint: str) -> Path | None:
    try:
        known = json.loads(note.read_text())
        model = Path(known["model"])
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return model if known.get("fingerprint") == fingerprint and model.exists() else None


async def _run(supervisor: Supervisor, layout: Layout, name: str, *arguments: str) -> str:
    code, output = await supervisor.run(layout.engine_program(name, *arguments, home=layout.models))
    if code != 0 or not output.strip():
        log = layout.home / "logs" / f"{name}.log"
        raise Failure(f"{name} {describe_end(code)}. Its log, {log}, ends with:\n{last_lines(log)}")
    return output.strip().splitlines()[-1]
