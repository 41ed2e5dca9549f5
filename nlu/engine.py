"""Runs the engine: Rasa's HTTP server with its API, on loopback only.

    python -m nlu.engine --port N --model PATH

It is ready when `GET /status` answers 200 and names a `model_file`: the port opens only after the model is
loaded and a few sentences have been read, so that the first contact does not pay for it. It ends on SIGTERM
or SIGINT.

Environment:
    RIGHTLINE_ACTIONS_URL: the action server's webhook; default http://127.0.0.1:5055/webhook.
    RIGHTLINE_ENGINE_TRACKER_URL: the database of the tracker; default the file that the next one names.
    RIGHTLINE_ENGINE_DATABASE: the tracker's SQLite file; default engine/tracker.db under RIGHTLINE_HOME.
    RIGHTLINE_ENGINE_REDIS_URL: the Redis server that keeps the locks of sessions, for several engines.
    RIGHTLINE_ENGINE_HOST: where to listen; default 127.0.0.1. Let nobody but gateways reach it.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from nlu.home import PROJECT, home
from nlu.quiet import be_quiet

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
TRACKER = "RIGHTLINE_ENGINE_TRACKER_URL"
REDIS = "RIGHTLINE_ENGINE_REDIS_URL"
REDIS_PORT = 6379
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
    try:
        _prepare_environment()
        locks = lock_store(os.environ)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    be_quiet()
    return _serve(options.port, options.model, locks)


def _prepare_environment() -> None:
    os.environ.setdefault("RIGHTLINE_ACTIONS_URL", "http://127.0.0.1:5055/webhook")
    database = Path(os.environ.setdefault("RIGHTLINE_ENGINE_DATABASE", str(home() / "engine" / "tracker.db")))
    os.environ[TRACKER] = tracker_url(os.environ, database)
    database.parent.mkdir(parents=True, exist_ok=True)


def _serve(port: int, model: Path, locks: dict[str, Any] | None) -> int:
    started = time.monotonic()
    from rasa.core.agent import load_agent
    from rasa.core.run import configure_app
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_library_logging, update_sanic_log_level
    from rasa.utils.endpoints import EndpointConfig
    from sanic.response import json

    from nlu.tuning import teach_everything

    teach_everything()
    configure_library_logging()
    update_sanic_log_level()
    endpoints = AvailableEndpoints.read_endpoints(str(PROJECT / "endpoints.yml"))
    if locks is not None:
        endpoints.lock_store = EndpointConfig(**locks)
    app = configure_app(
        [honest_rest()],
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
        # What is there now stays: to look through all of it for garbage takes longer than to read a message.
        gc.collect()
        gc.freeze()
        logger.info("ready after %.1f s", time.monotonic() - started)

    async def stores(_request: Any) -> Any:
        """Whether what several engines share can be reached; Rasa's own `/status` does not look."""
        agent = app.ctx.agent
        try:
            await asyncio.get_running_loop().run_in_executor(None, _look_at_stores, agent)
        except Exception as error:
            return json({"status": "down", "kind": type(error).__name__}, status=503)
        return json({"status": "ok"})

    app.add_route(stores, "/stores")
    app.register_listener(load_and_warm_up, "before_server_start")
    app.run(
        host=os.environ.get("RIGHTLINE_ENGINE_HOST") or HOST,
        port=port,
        workers=1,
        access_log=False,
        debug=False,
        motd=False,
    )
    return 0


def honest_rest() -> Any:
    """Rasa's REST channel, but that a message that fails is answered by an error, not by `200 []`."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.core.channels.rest import RestInput
    from sanic import Blueprint
    from sanic.response import json

    class HonestRest(RestInput):
        def blueprint(self, on_new_message: Any) -> Any:
            channel = Blueprint("rest")

            @channel.post("/webhook")
            async def receive(request: Any) -> Any:
                content = request.json
                said = CollectingOutputChannel()
                metadata = content.get("metadata")
                try:
                    await on_new_message(
                        UserMessage(
                            content["message"],
                            said,
                            content["sender"],
                            input_channel=self.name(),
                            metadata=metadata,
                        )
                    )
                except Exception as error:
                    # Its words may quote the message.
                    logger.error("a message failed: %s", type(error).__name__)
                    return json({"status": "failed", "kind": type(error).__name__}, status=500)
                return json(said.messages)

            return channel

    return HonestRest()


def _look_at_stores(agent: Any) -> None:
    """Ask Redis and the tracker's database for a sign of life.

    Raises:
        Exception: one of them cannot be reached.
    """
    redis = getattr(agent.lock_store, "red", None)
    if redis is not None:
        redis.ping()
    engine = getattr(agent.tracker_store, "engine", None)
    if engine is not None:
        with engine.connect() as connection:
            connection.execute("SELECT 1")


def tracker_url(environment: Mapping[str, str], file: Path) -> str:
    """The database of the tracker as SQLAlchemy 1.4 takes it.

    Args:
        environment: of the process.
        file: the SQLite file to use when no URL is set.

    Raises:
        ValueError: what is set is no URL of a database; the message says what to do.
    """
    url = environment.get(TRACKER) or f"sqlite:///{file}"
    scheme, found, rest = url.partition("://")
    if not found:
        raise ValueError(f"{TRACKER} is no URL: write it like postgresql://user@host/engine.")
    # Here the driver is psycopg2, wherever another one is named for the other programs.
    return f"postgresql://{rest}" if scheme.split("+")[0] in ("postgres", "postgresql") else url


def lock_store(environment: Mapping[str, str]) -> dict[str, Any] | None:
    """Rasa's settings of the Redis lock store, or None where one engine is alone and needs none.

    Raises:
        ValueError: what is set is no URL of a Redis server; the message says what to do.
    """
    url = environment.get(REDIS)
    if not url:
        return None
    wrong = f"{REDIS} is no URL of a Redis server: write it like redis://:password@host:6379/1."
    parts = urlsplit(url)
    try:
        port = parts.port or REDIS_PORT
        database = int(parts.path.strip("/") or 1)
    except ValueError:
        raise ValueError(wrong) from None
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ValueError(wrong)
    return {
        "type": "redis",
        "url": parts.hostname,
        "port": port,
        "db": database,
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "use_ssl": parts.scheme == "rediss",
        "key_prefix": "rightline",
    }


if __name__ == "__main__":
    sys.exit(main())
