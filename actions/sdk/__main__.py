"""`python -m actions.sdk`: the action server as a process."""

from __future__ import annotations

import uvicorn

from actions import metrics
from actions.logs import configure
from actions.memory import settle
from actions.sdk.rehearsal import rehearse
from actions.sdk.server import create_app
from actions.settings import settings_or_exit


def main() -> None:
    """Serve until stopped."""
    settings = settings_or_exit()
    configure("actions")
    metrics.serve(settings.metrics_port)
    application = create_app()
    rehearse()
    settle()
    uvicorn.run(
        application,
        host=settings.actions_host,
        port=settings.actions_port,
        access_log=False,
        log_config=None,
    )


if __name__ == "__main__":
    main()
