"""Logs: one line of JSON each, to standard error, without anything personal."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import traceback
from typing import TextIO, cast

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
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Unfailing(sys.stderr))),
    )
    structlog.contextvars.bind_contextvars(part=part)


class _Unfailing(io.TextIOBase):
    """A stream on which nothing fails: a disk that is full must not end what it is told of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, or do without."""
        with contextlib.suppress(OSError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, or do without."""
        with contextlib.suppress(OSError):
            self._stream.flush()


def where(error: BaseException) -> list[str]:
    """Where an error was raised, as `file:line function`; never its words, which may quote a contact."""
    return [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-6:]
    ]
