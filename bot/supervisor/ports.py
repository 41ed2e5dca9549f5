"""Ports: whether one is free, and free ones for what only this machine talks to."""

from __future__ import annotations

import random
import socket

# Below Linux's range for outgoing connections, which could take a port between our look and the part's start.
INTERNAL_PORTS = range(20_000, 32_000)


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError:
            return False
    return True


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """Different free ports, chosen at random so that instances starting side by side get different ones.

    Raises:
        OSError: there are not enough.
    """
    found: list[int] = []
    for port in random.sample(INTERNAL_PORTS, k=len(INTERNAL_PORTS)):
        if is_free(host, port):
            found.append(port)
            if len(found) == count:
                return found
    raise OSError("no free port between 20000 and 32000")
