"""`python -m actions.worker`: run a worker until SIGTERM or Ctrl-C, which let it finish the steps in hand."""

from __future__ import annotations

import signal
from importlib import import_module
from types import FrameType

from actions import metrics
from actions.database import get_database
from actions.logs import configure
from actions.memory import settle
from actions.settings import settings_or_exit
from actions.worker.loop import Worker


def main() -> None:
    """Run this process's worker."""
    settings = settings_or_exit()
    configure("worker")
    metrics.serve(settings.metrics_port)
    import_module("actions.database.tables")
    import_module("actions.fulfilment.handlers")
    database = get_database()
    worker = Worker(database)
    settle()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run()
    database.dispose()


if __name__ == "__main__":
    main()
