"""The balancer of `up --scale`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from bot.supervisor.balancer import Front, serve
from bot.supervisor.ports import free_ports


@contextlib.asynccontextmanager
async def echo(name: bytes, port: int) -> AsyncIterator[asyncio.Server]:
    """A server that says its name and repeats what it hears."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(name)
        writer.write(await reader.read())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    try:
        yield server
    finally:
        server.close()


@contextlib.asynccontextmanager
async def balanced(*servers: int) -> AsyncIterator[int]:
    """A balancer in front of servers; its port."""
    (port,) = free_ports(1)
    front = Front(("127.0.0.1", port), tuple(("127.0.0.1", server) for server in servers))
    task = asyncio.create_task(serve(front))
    for _ in range(100):
        with contextlib.suppress(OSError):
            (await asyncio.open_connection("127.0.0.1", port))[1].close()
            break
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ask(port: int, text: bytes) -> bytes:
    """Say something, say that this was all, and hear the answer to its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text)
    writer.write_eof()
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def test_connections_go_to_the_servers_in_turns_and_pass_unchanged() -> None:
    async def play() -> None:
        first, second = free_ports(2)
        async with echo(b"1", first), echo(b"2", second), balanced(first, second) as port:
            text = bytes(range(256)) * 1000
            answers = [await ask(port, text) for _ in range(4)]
        assert sorted(answer[:1] for answer in answers) == [b"1", b"1", b"2", b"2"]
        assert {answer[1:] for answer in answers} == {text}

    asyncio.run(play())


def test_a_server_that_does_not_listen_is_passed_over() -> None:
    async def play() -> None:
        dead, alive = free_ports(2)
        async with echo(b"2", alive), balanced(dead, alive) as port:
            assert [await ask(port, b"x") for _ in range(3)] == [b"2x"] * 3

    asyncio.run(play())


def test_with_no_server_left_the_caller_is_told_at_once() -> None:
    async def play() -> None:
        async with balanced(*free_ports(2)) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()

    asyncio.run(play())


@pytest.mark.parametrize(
    "text", ["127.0.0.1:80", "127.0.0.1=127.0.0.1:1", "127.0.0.1:1=127.0.0.1:x", "=", ""]
)
def test_what_is_no_front_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not HOST:PORT"):
        Front.parse(text)


@pytest.mark.parametrize("text", ["127.0.0.1:80=127.0.0.1:1,127.0.0.1:2", "[::1]:80=[::1]:1"])
def test_a_front_is_read_as_it_is_written(text: str) -> None:
    assert Front.parse(text).argument() == text
