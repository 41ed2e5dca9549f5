"""`up` for tests: the same parts, with all that the engine hears and says recorded on its way.

Everything that goes to and from the engine, and to and from the action server for it, passes through here and
is written below `recorded/` in the state folder, a file for each connection and direction.

    RIGHTLINE_HOME=… python -m tests.support.recorded_demo
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import itertools
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

CHUNK = 65_536
WAIT_SECONDS = 120.0


class Recorder:
    """A listening port; what comes is passed on to another port, and written down."""

    def __init__(self, name: str, target: int, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._name = name
        self._target = target
        self._folder = folder
        self._numbers = itertools.count(1)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            threading.Thread(target=self._join, args=(client, next(self._numbers)), daemon=True).start()

    def _join(self, client: socket.socket, number: int) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target), timeout=2)
        except OSError:
            client.close()
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            end.settimeout(WAIT_SECONDS)
        back = threading.Thread(target=self._pass, args=(server, client, number, "answers"), daemon=True)
        back.start()
        self._pass(client, server, number, "requests")
        back.join()
        client.close()
        server.close()

    def _pass(self, source: socket.socket, target: socket.socket, number: int, what: str) -> None:
        path = self._folder / f"{self._name}-{number:05d}-{what}"
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                with path.open("ab") as record:
                    record.write(data)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def main() -> int:
    """Run until stopped; returns the exit code."""
    from actions.database import migrate
    from actions.settings import get_settings
    from bot.supervisor.instance import Claim
    from bot.supervisor.launch import launch
    from bot.supervisor.layout import lay_out

    os.environ["RIGHTLINE_DEMO"] = "1"
    settings = get_settings()
    say: Callable[[str], None] = print
    with Claim(settings.home) as claim:
        layout = lay_out(settings.home, "127.0.0.1", 0, demo=True)
        folder = settings.home / "recorded"
        engine = Recorder("engine", layout.ports["engine"], folder)
        actions = Recorder("actions", layout.ports["actions"], folder)
        detours = {
            "RIGHTLINE_ENGINE_URL": f"http://127.0.0.1:{engine.port}",
            "RIGHTLINE_ACTIONS_URL": f"http://127.0.0.1:{actions.port}/webhook",
        }
        layout = dataclasses.replace(layout, environment={**layout.environment, **detours})
        settings.master_key()
        migrate()
        failure = asyncio.run(launch(layout, claim, demo=True, say=say, greet=say))
    if failure:
        say(failure)
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
