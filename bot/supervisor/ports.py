"""Ports: what is wrong with one, and free ones for what only this machine talks to."""

from __future__ import annotations

import errno
import random
import socket

# Below Linux's range for outgoing connections, which could take a port between our look and the part's start.
INTERNAL_PORTS = range(20_000, 32_000)

# Bound, and never listening: whoever chooses ports beside us sees that these are spoken for, also while the
# part that shall listen there is still to come, or is being started again.
_held: list[socket.socket] = []


def obstacle(host: str, port: int) -> str | None:
    """What keeps a server from listening there now, as the end of a sentence; None when nothing does."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror:
        return "is no address of this machine"
    except OSError as error:
        return {
            errno.EADDRINUSE: "is in use",
            errno.EADDRNOTAVAIL: "is no address of this machine",
            errno.EACCES: "needs more rights than you have",
        }.get(error.errno or 0, f"cannot be listened on: {error.strerror}")
    return None


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """Different free ports, which no other process is given for as long as this one lives.

    Whoever listens there has to set SO_REUSEADDR, as servers do.

    Raises:
        OSError: there are not enough.
    """
    found: list[int] = []
    # At random: instances that start side by side do not all try the same ones.
    for port in random.sample(INTERNAL_PORTS, k=len(INTERNAL_PORTS)):
        if _hold(host, port):
            found.append(port)
            if len(found) == count:
                return found
    raise OSError("no free port between 20000 and 32000")


def _hold(host: str, port: int) -> bool:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    held = socket.socket(family, kind, protocol)
    try:
        # Without SO_REUSEADDR: it would let us bind where another holds, but does not listen yet.
        held.bind(address)
    except OSError:
        held.close()
        return False
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _held.append(held)
    return True
