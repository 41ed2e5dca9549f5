"""What goes wrong on purpose: limits, errors, silence, answers that get lost."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Literal

What = Literal["rate_limit", "status", "error", "lose_answer", "refuse_connection"]


@dataclass
class Fault:
    """One thing that is to go wrong.

    Attributes:
        method: which calls, as `chat.*`.
        times: how often still.
        value: seconds of Retry-After, HTTP status, or the name of the error.
    """

    what: What
    method: str
    times: int
    value: str = ""


class Faults:
    """What is planned to go wrong, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []
        self._dead_until = 0.0

    def rate_limit(self, method: str = "*", *, times: int = 1, retry_after: int = 1) -> None:
        """Answer 429 with `Retry-After`, in whole seconds as Slack does."""
        self._plan(Fault("rate_limit", method, times, str(retry_after)))

    def status(self, method: str = "*", *, times: int = 1, status: int = 500) -> None:
        """Answer with an HTTP status and do nothing."""
        self._plan(Fault("status", method, times, str(status)))

    def error(self, method: str, code: str, *, times: int = 1) -> None:
        """Refuse with one of Slack's errors, as `fatal_error` or `ratelimited`."""
        self._plan(Fault("error", method, times, code))

    def lose_answer(self, method: str = "*", *, times: int = 1) -> None:
        """Do what is asked, and break the connection instead of answering."""
        self._plan(Fault("lose_answer", method, times))

    def refuse_connection(self, method: str = "*", *, times: int = 1) -> None:
        """Break the connection without having done anything."""
        self._plan(Fault("refuse_connection", method, times))

    def dead_for(self, seconds: float) -> None:
        """Break every connection for some time; 0 ends it."""
        with self._lock:
            self._dead_until = time.monotonic() + seconds

    @property
    def dead(self) -> bool:
        """Whether nothing is answered now."""
        return time.monotonic() < self._dead_until

    def due(self, method: str) -> Fault | None:
        """What is to go wrong with a call, counted as having happened."""
        with self._lock:
            for fault in self._planned:
                if fault.times > 0 and fnmatch(method, fault.method):
                    fault.times -= 1
                    return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._planned.clear()
            self._dead_until = 0.0

    def _plan(self, fault: Fault) -> None:
        with self._lock:
            self._planned.append(fault)
