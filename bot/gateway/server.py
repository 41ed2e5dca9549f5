"""uvicorn, listening first and stopping politely."""

from __future__ import annotations

import resource
import socket

import uvicorn
from fastapi import FastAPI

from bot.gateway.patience import ImpatientProtocol

BACKLOG = 2048
GRACE_SECONDS = 5
OPEN_FILES = 65_536


class Server(uvicorn.Server):
    """Ends the event streams when it is told to stop; otherwise it would wait for them for ever."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            http=ImpatientProtocol,
            server_header=False,
            # Who connects is who is counted: nobody may say otherwise in a header.
            proxy_headers=False,
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, end the streams, let requests finish."""
        gateway = getattr(self._app.state, "gateway", None)
        if gateway is not None:
            gateway.streams.close()
        await super().shutdown(sockets)


def allow_many_connections() -> None:
    """Allow more open files than the usual 1,024: every stream is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Bound before anything else starts: whoever holds the port is the one gateway of that address.

    Raises:
        OSError: the port is taken, or the address is not ours.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
