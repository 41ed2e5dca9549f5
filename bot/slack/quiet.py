"""The libraries' logs without what they quote: Bolt and the SDK put whole requests into some lines."""

from __future__ import annotations

import logging

import structlog

NAME = "rightline.slack"
log = structlog.get_logger("slack")


class WithoutBodies(logging.Handler):
    """Says that a library said something, and where; never what, since it may quote people."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the place of a record."""
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        log.warning(
            "slack_library",
            level=record.levelname.lower(),
            at=f"{record.name}:{record.module}:{record.lineno}",
            error=error,
        )


def quiet_logger() -> logging.Logger:
    """The logger to give to Bolt and the SDK, and the only one that they use from now on."""
    logger = logging.getLogger(NAME)
    if not logger.handlers:
        logger.addHandler(WithoutBodies())
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    for library in ("slack_bolt", "slack_sdk"):
        other = logging.getLogger(library)
        other.handlers, other.propagate = list(logger.handlers), False
        other.setLevel(logging.WARNING)
    return logger
