"""`python -m bot.gateway`: the gateway as a process."""

from __future__ import annotations

import contextlib
import sys

from actions import metrics
from actions.database import migrate
from actions.logs import configure
from actions.settings import settings_or_exit
from bot.gateway.app import create_app
from bot.gateway.server import Server, allow_many_connections, listen

SWITCH_SECONDS = 0.0005
"""The event loop waits so long for a thread that computes, at each of its rounds: Python's 5 ms add up."""


def main() -> int:
    """Serve until stopped; returns the exit code."""
    settings = settings_or_exit()
    configure("gateway")
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.\n")
        return 1
    metrics.serve(settings.metrics_port)
    sys.setswitchinterval(SWITCH_SECONDS)
    allow_many_connections()
    migrate()
    with contextlib.suppress(KeyboardInterrupt):
        Server(create_app()).run([listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
