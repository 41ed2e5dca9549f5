"""`python -m actions.sdk`: the action server as a process."""

from __future__ import annotations

import uvicorn

from actions import metrics
from actions.logs import configure
from actions.sdk.server import create_app
from actions.settings import get_settings


def main() -> None:
    """Serve until stopped."""
    configure("actions")
    metrics.serve(get_settings().metrics_port)
    uvicorn.run(
        create_app(),
        host="127.0.0.1",
        port=get_settings().actions_port,
        access_log=False,
        log_config=None,
    )


if __name__ == "__main__":
    main()
