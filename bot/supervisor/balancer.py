"""A round-robin balancer of connections, for the many-process form on one machine.

    python -m bot.supervisor.balancer 127.0.0.1:8000=127.0.0.1:20001,127.0.0.1:20002 …

It knows nothing of what passes. A connection goes to the next server; to the one after it when that does not
listen. One that breaks is broken for the caller too.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass

CHUNK = 65_536
CONNECT_SECONDS = 1.0
BACKLOG = 2048

Address = tuple[str, int]


@dataclass(frozen=True)
class Front:
    """Where is listened, and the servers behind it."""

    listen: Address
    servers: tuple[Address, ...]

    @classmethod
    def parse(cls, text: str) -> Front:
        """Read `HOST:PORT=HOST:PORT,HOST:PORT`.

        Raises:
            ValueError: it is not of that form.
        """
        listen, equals, servers = text.partition("=")
        if not equals:
            raise ValueError(f"'{text}' is not HOST:PORT=HOST:PORT,…")
        return cls(_address(listen), tuple(_address(server) for server in servers.split(",")))

    def argument(self) -> str:
        """The text that `parse` reads."""
        return f"{_text(self.listen)}={','.join(_text(server) for server in self.servers)}"


async def serve(front: Front) -> None:
    """Pass connections on until cancelled.

    Raises:
        OSError: it cannot listen there.
    """
    turns = itertools.count()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found = await _next_server(front.servers, next(turns))
        if found is None:
            writer.close()
            return
        server_reader, server_writer = found
        # Each direction ends by itself: who has said everything may still be listening.
        await asyncio.gather(_pass(reader, server_writer), _pass(server_reader, writer))
        for end in (server_writer, writer):
            end.close()

    host, port = front.listen
    server = await asyncio.start_server(accepted, host, port, backlog=BACKLOG)
    async with server:
        await server.serve_forever()


async def _next_server(
    servers: Sequence[Address], turn: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    for number in range(len(servers)):
        host, port = servers[(turn + number) % len(servers)]
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS):
                return await asyncio.open_connection(host, port)
    return None


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.transport.abort()


def _address(text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        raise ValueError(f"'{text}' is not HOST:PORT")
    return host.strip("[]"), int(port)


def _text(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def _serve_all(fronts: Sequence[Front]) -> None:
    async with asyncio.TaskGroup() as group:
        for front in fronts:
            group.create_task(serve(front))


def main() -> int:
    """Serve every front named by an argument; returns the exit code."""
    try:
        fronts = [Front.parse(argument) for argument in sys.argv[1:]]
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        asyncio.run(_serve_all(fronts))
    except* OSError as errors:
        sys.stderr.write(f"Cannot listen: {errors.exceptions[0]}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
