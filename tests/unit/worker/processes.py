"""Starting, stopping and killing real workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from actions.database import Database
from actions.fulfilment.models import Step
from actions.helpdesk.case_tickets import KIND as TICKET
from actions.settings import PROJECT_ROOT, get_settings

SCRIPT = Path(__file__).with_name("killable.py")
PATIENCE_SECONDS = 30.0


@contextmanager
def worker(database: Database, folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on the test's database, killed at the end if it runs; its log is `folder/log`."""
    command = [sys.executable, str(SCRIPT), database.url.render_as_string(hide_password=False), str(folder)]
    variables = os.environ | {
        "PYTHONPATH": str(PROJECT_ROOT),
        "RIGHTLINE_HOME": str(get_settings().home),
        **environment,
    }
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stderr=log, env=variables, cwd=folder)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def until(condition: Callable[[], object]) -> None:
    """Wait for something to become true, for a while."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < give_up, "it did not come true in time"
        time.sleep(0.02)


def states(database: Database) -> dict[str, str]:
    """The state of every step by its key, but for those of cases' tickets."""
    with database.read() as session:
        steps = session.scalars(select(Step).where(Step.kind != TICKET))
        return {step.key: step.state for step in steps}


def attempts(database: Database, key: str) -> int:
    """How often a step was begun."""
    with database.read() as session:
        return session.scalars(select(Step.attempts).where(Step.key == key)).one()
