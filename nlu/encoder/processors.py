"""Keeps a thread off the processor of whoever wakes it.

Linux likes to wake a thread where its waker runs, and moves it to an idle processor only when it next
balances the load, some milliseconds later: by then half of a message could have been encoded.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_TASKS = Path("/proc/self/task")


def threads_of_this_process() -> frozenset[int]:
    """Return the numbers of all its threads, also of those that Python does not know; none outside Linux."""
    return frozenset(int(task.name) for task in _TASKS.iterdir()) if _TASKS.is_dir() else frozenset()


def keep_elsewhere(threads: Iterable[int]) -> None:
    """Let threads run on any processor of this thread's but the one that it is on.

    They stay where they are if this thread has one processor alone, or outside Linux.

    Args:
        threads: Their numbers; those that have ended are passed over.
    """
    if sys.platform != "linux":
        return
    others = os.sched_getaffinity(0) - {_processor()}
    if not others:
        return
    for thread in threads:
        try:
            os.sched_setaffinity(thread, others)
        except OSError:
            continue


def _processor() -> int:
    return int(_C.sched_getcpu())


_C = ctypes.CDLL(None)
