"""The thread beside: it computes what needs no Python while the thread that reads a message goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from nlu.encoder.processors import keep_elsewhere

Made = TypeVar("Made")


class ThreadBeside:
    """One thread, on another processor than whoever gives it work."""

    def __init__(self) -> None:
        """Start it."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._number = self._thread.submit(threading.get_native_id).result()

    def begin(self, work: Callable[[], Made]) -> Future[Made]:
        """Let it do something; it has begun with that when this returns.

        Python runs one thread at a time: if this one went on at once, the other would wait for a pause of it.

        Args:
            work: What is done, best something that soon leaves Python. It comes after what was begun before.
        """
        begun = threading.Event()

        def done() -> Made:
            begun.set()
            return work()

        keep_elsewhere([self._number])
        made = self._thread.submit(done)
        begun.wait()
        return made


@lru_cache(maxsize=1)
def shared_thread() -> ThreadBeside:
    """Return this process's thread, started the first time."""
    return ThreadBeside()
