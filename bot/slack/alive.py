"""Says every few seconds that this process lives, and whether Slack's deliveries reach it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from actions.database import Database
from actions.slack import presence

log = structlog.get_logger("slack")


def keep_saying(database: Database, is_connected: Callable[[], bool], stop: threading.Event) -> None:
    """Say so until told to stop, and then that it ends.

    Args:
        database: where it is said.
        is_connected: whether the transport has been reached by Slack, or listens for it.
        stop: set when the process ends.
    """
    owner = secrets.token_hex(16)
    while not stop.is_set():
        try:
            with database.write() as session:
                presence.beat(session, owner, is_connected=is_connected())
        except SQLAlchemyError as error:
            log.error("database_trouble", error=type(error).__name__)
        stop.wait(presence.EVERY.total_seconds())
    try:
        with database.write() as session:
            presence.stop(session, owner)
    except SQLAlchemyError as error:
        log.error("database_trouble", error=type(error).__name__)
