"""A worker process that can be stopped at a chosen point of a step: run as a script by the kill tests.

Arguments: the database's URL and a folder. While the folder has a file `hold-POINT`, whoever comes to that
point writes `reached-POINT` and stays there.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from actions.cases.tasks import raise_task
from actions.database import Database, tables
from actions.fulfilment import handlers
from actions.fulfilment.interfaces import StepContext
from actions.fulfilment.registry import handles, handles_here
from actions.logs import configure
from actions.worker.loop import Worker

KNOWN = (tables, handlers)
LEASE = timedelta(seconds=1)
FOLDER = Path(sys.argv[2])


def point(name: str) -> None:
    """Stay here while the test wants it."""
    if (FOLDER / f"hold-{name}").exists():
        (FOLDER / f"reached-{name}").touch()
        while (FOLDER / f"hold-{name}").exists():
            time.sleep(0.01)


@handles("elsewhere")
def elsewhere(context: StepContext, payload: Mapping[str, Any], /) -> None:
    """Change another system, which knows a repetition by the step's key, as every port's must."""
    point(f"before-{payload['name']}")
    try:
        (FOLDER / f"effect-{payload['name']}").open("x").close()
    except FileExistsError:
        (FOLDER / f"repeated-{payload['name']}").touch()
    point(f"after-{payload['name']}")


@handles_here("here")
def here(session: Session, context: StepContext, payload: Mapping[str, Any], /) -> None:
    """Change our own database; without a key that would catch a repetition."""
    point(f"before-{payload['name']}")
    made = raise_task(session, key=f"{payload['name']}-{time.monotonic_ns()}", kind="effect", text="Done.")
    assert made.id
    point(f"after-{payload['name']}")


def main() -> None:
    """Run until SIGTERM."""
    configure("worker")
    worker = Worker(Database(sys.argv[1]), lease=LEASE)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
