"""Free ports."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from bot.paths import PROJECT
from bot.supervisor.ports import INTERNAL_PORTS, free_ports, obstacle


def test_free_ports_differ_and_can_be_listened_on() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(port in INTERNAL_PORTS and obstacle("127.0.0.1", port) is None for port in ports)


def test_nobody_else_is_given_a_port_before_its_part_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    monkeypatch.setattr("bot.supervisor.ports.INTERNAL_PORTS", range(port, port + 1))
    with pytest.raises(OSError, match="no free port"):
        free_ports(1)
    with socket.create_server(("127.0.0.1", port)), pytest.raises(OSError, match="no free port"):
        free_ports(1)


def test_a_port_is_free_for_others_when_the_process_that_chose_it_has_ended() -> None:
    script = "from bot.supervisor.ports import free_ports; print(*free_ports(1))"
    chosen = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    with socket.socket() as another:
        another.bind(("127.0.0.1", int(chosen.stdout)))


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert obstacle("127.0.0.1", server.getsockname()[1]) == "is in use"


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_said_to_be_one(host: str) -> None:
    assert obstacle(host, 8000) == "is no address of this machine"
