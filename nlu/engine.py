"""Runs the engine: Rasa's HTTP server with its API, on loopback only.

    python -m nlu.engine --port N --model PATH

It is ready when `GET /status` answers 200 and names a `model_file`: the port opens only after the model is
loaded and a few sentences have been read, so that the first contact does not pay for it. It ends on SIGTERM
or SIGINT.

Environment:
    RIGHTLINE_ACTIONS_URL: the action server's webhook; default http://127.0.0.1:5055/webhook.
    RIGHTLINE_ENGINE_DATABASE: the tracker's SQLite file; default engine/tracker.db under RIGHTLINE_HOME.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

from nlu.home import PROJECT, home
from nlu.quiet import be_quiet

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
RESPONSE_TIMEOUT_SECONDS = 60

WARMING_TEXTS = (
    "hello",
    "please delete everything you have about me, my address is EMAIL_1",
    "what happens if I ask you to delete me?",
    "Stop emailing me offers, and tell me what you hold. " * 8,
)


def main(arguments: list[str] | None = None) -> int:
    """Run the engine until it is told to stop; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m nlu.engine", description="Run Rasa on loopback.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the archive that nlu.training printed")
    options = parser.parse_args(arguments)
    if not options.model.is_file():
        sys.stderr.write(f"There is no model at {options.model}; train one with python -m nlu.training.\n")
        return 1
    _prepare_environment()
    be_quiet()
    return _serve(options.port, options.model)


def _prepare_environment() -> None:
    os.environ.setdefault("RIGHTLINE_ACTIONS_URL", "http://127.0.0.1:5055/webhook")
    database = Path(os.environ.setdefault("RIGHTLINE_ENGINE_DATABASE", str(home() / "engine" / "tracker.db")))
    database.parent.mkdir(parents=True, exist_ok=True)


def _serve(port: int, model: Path) -> int:
    started = time.monotonic()
    from rasa.core.agent import load_agent
    from rasa.core.run import configure_app, create_http_input_channels
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_library_logging, update_sanic_log_level

    from nlu.tuning import teach_everything

    teach_everything()
    configure_library_logging()
    update_sanic_log_level()
    endpoints = AvailableEndpoints.read_endpoints(str(PROJECT / "endpoints.yml"))
    app = configure_app(
        create_http_input_channels(None, str(PROJECT / "credentials.yml")),
        enable_api=True,
        response_timeout=RESPONSE_TIMEOUT_SECONDS,
        endpoints=endpoints,
        port=port,
    )

    async def load_and_warm_up(app: Any, loop: Any) -> None:
        agent = await load_agent(model_path=str(model), endpoints=endpoints, loop=loop)
        if not agent.is_ready():
            raise RuntimeError(f"the model {model} could not be loaded")
        for text in WARMING_TEXTS:
            await agent.parse_message(text)
        app.ctx.agent = agent
        logger.info("ready after %.1f s", time.monotonic() - started)

    app.register_listener(load_and_warm_up, "before_server_start")
    app.run(host=HOST, port=port, workers=1, access_log=False, debug=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
