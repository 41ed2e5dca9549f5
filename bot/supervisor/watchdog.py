"""Outlives a killed supervisor for a moment: ends the process groups that it left behind.

Run as a script with a pipe as standard input: `+GROUP` and `-GROUP` lines say what runs; the pipe's end says
that the supervisor is gone, however it went.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys


class Watchdog:
    """The supervisor's side: a helper process that knows which process groups to end."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        # A session of its own, so that Ctrl-C at the terminal does not reach it.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(reading)
        self._pipe = os.fdopen(writing, "w", buffering=1)

    def watch(self, group: int) -> None:
        """End this process group should the supervisor vanish."""
        self._tell(f"+{group}")

    def forget(self, group: int) -> None:
        """This process group has ended."""
        self._tell(f"-{group}")

    def close(self) -> None:
        """End the helper, and with it every group that is still watched."""
        with contextlib.suppress(BrokenPipeError):
            self._pipe.close()
        self._process.wait(timeout=5)

    def _tell(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._pipe.write(line + "\n")


def _main() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    _main()
