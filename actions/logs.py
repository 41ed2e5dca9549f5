"""Logs: one line of JSON each, to standard error, without anything personal."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog


def configure(part: str) -> None:
    """Set up logging for a process.

    Args:
        part: which process: `gateway`, `actions`, `worker`.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(part=part)


def where(error: BaseException) -> list[str]:
    """Where an error was raised, as `file:line function`; never its words, which may quote a contact."""
    return [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-6:]
    ]
