"""`python -m bot.slack`: the Slack app, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from importlib import import_module
from types import FrameType

import structlog

from actions import metrics
from actions.database import get_database
from actions.logs import configure
from actions.settings import get_settings
from bot.slack.alive import keep_saying
from bot.slack.answering import Answering
from bot.slack.app import LOOPS, create_app, services_of
from bot.slack.transports import Http, SocketMode

EXIT_USAGE = 2
log = structlog.get_logger("slack")


def main() -> int:
    """Run this process's Slack app.

    Returns:
        The exit code: 2 when the settings do not do.
    """
    configure("slack")
    settings = get_settings()
    if problems := settings.slack_problems():
        print("\n".join(["Slack can't be served yet:", *problems, "See docs/slack.md."]), file=sys.stderr)  # noqa: T201
        return EXIT_USAGE
    metrics.serve(settings.metrics_port)
    import_module("actions.database.tables")
    import_module("actions.fulfilment.handlers")
    stop = threading.Event()

    def told_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told_to_stop)
    signal.signal(signal.SIGINT, told_to_stop)
    database = get_database()
    services = services_of(database, settings)
    answering = Answering(create_app(services), services)
    loops = [threading.Thread(target=loop, args=(services, stop), name=loop.__module__) for loop in LOOPS]
    loops.append(threading.Thread(target=answering.take_up, args=(stop,), name="take_up"))
    transport = (
        Http(settings, answering) if settings.slack_mode == "http" else SocketMode(settings, answering)
    )
    alive = (database, transport.is_connected, stop)
    loops.append(threading.Thread(target=keep_saying, args=alive, name="alive"))
    for thread in loops:
        thread.start()
    try:
        transport.run(stop)
    finally:
        stop.set()
        for thread in loops:
            thread.join()
        answering.close()
        database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
