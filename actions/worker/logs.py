"""Logs as JSON lines, with nothing personal: of exceptions only the type and the place are written."""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Write this process's logs as JSON lines to standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(levelname)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
