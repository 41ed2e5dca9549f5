"""Where a command finds a running Rightline, or gets a demo of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.cli.project import EXIT_FAILED, engine_python, say, stop


@dataclass(frozen=True)
class Place:
    """A Rightline to talk to.

    Attributes:
        address: of its gateway.
        home: its state folder, or None when only the address is known.
        demo: whether it is known to be a demo, or not to be one; None when only the address is known.
    """

    address: str
    home: Path | None
    demo: bool | None


@contextmanager
def somewhere(url: str | None, *, own: bool = False) -> Iterator[Place]:
    """The Rightline at an address, else the one on the state folder, else a demo for this block of code.

    Args:
        url: its address, when given.
        own: start one even when one runs.
    """
    from actions.settings import get_settings
    from bot.supervisor.instance import find_running

    home = get_settings().home
    running = None if own else find_running(home)
    if running is not None and url in (None, running.address):
        yield Place(running.address, home, running.demo)
    elif url is not None:
        yield Place(url.rstrip("/"), None, None)
    else:
        os.environ.setdefault("RIGHTLINE_MODELS", str(home))
        with _own_demo() as place:
            yield place


@contextmanager
def _own_demo() -> Iterator[Place]:
    from bot.supervisor.temporary import DemoFailed, temporary_demo

    engine_python()
    say("starting a demo for this…")
    with tempfile.TemporaryDirectory(prefix="rightline-") as folder:
        home = Path(folder)
        try:
            with temporary_demo(home) as started:
                yield Place(started.address, home, demo=True)
        except DemoFailed as error:
            output = (home / "up.log").read_text(errors="replace").strip()
            stop(EXIT_FAILED, f"{error}, which is gone now; it ended with:\n{output[-2000:]}")
