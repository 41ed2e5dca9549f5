"""The engine's model: the one at hand while what it is made from is unchanged, a new one otherwise."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.supervisor.instance import try_lock
from bot.supervisor.layout import Layout
from bot.supervisor.parts import Part, describe_end, last_lines
from bot.supervisor.supervisor import Failure, Supervisor

LOOK_SECONDS = 0.5
# Finding that nothing changed is over by then; what takes longer is training and deserves a word.
FINDING_SECONDS = 3.0


async def trained_model(
    supervisor: Supervisor, layout: Layout, say: Callable[[str], None], *, again: bool = False
) -> Path:
    """Find the model, training it when its inputs changed.

    Args:
        supervisor: runs the training; the end it is asked for ends that too.
        layout: of the instance whose model it is.
        say: told in one line what happens.
        again: train even when nothing changed.

    Raises:
        Failure: it cannot be trained.
    """
    async with _one_training_at_a_time(layout.models, say):
        arguments = ("-m", "nlu.training", *(["--force"] if again else []))
        engine = layout.engine_program("training", *arguments, home=layout.models)
        output = await _trained(supervisor, layout, engine, "the engine's model", say)
        if not output.strip():
            raise Failure(f"training did not say where the model is. {_ending(layout)}")
        await _trained(supervisor, layout, layout.recogniser_training(), "the recogniser of names", say)
        return Path(output.strip().splitlines()[-1])


async def _trained(
    supervisor: Supervisor, layout: Layout, part: Part, what: str, say: Callable[[str], None]
) -> str:
    """Run a training, or what finds that there is nothing to train, and return what it printed."""
    started = time.monotonic()
    training = asyncio.create_task(supervisor.run(part))
    try:
        done, _ = await asyncio.wait([training], timeout=FINDING_SECONDS)
        if not done:
            say(f"training {what}, since its inputs changed…")
        code, output = await training
    finally:
        training.cancel()
    if code != 0:
        raise Failure(f"training {what} {describe_end(code)}. {_ending(layout)}")
    if not done:
        say(f"{what} is trained ({time.monotonic() - started:.0f} s)")
    return output


def _ending(layout: Layout) -> str:
    log = layout.home / "logs" / "training.log"
    return f"Its log, {log}, ends with:\n{last_lines(log)}"


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
