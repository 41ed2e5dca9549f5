"""Free ports."""

from __future__ import annotations

import socket

from bot.supervisor.ports import INTERNAL_PORTS, free_ports, is_free


def test_free_ports_differ_and_can_be_listened_on() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(port in INTERNAL_PORTS and is_free("127.0.0.1", port) for port in ports)


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free("127.0.0.1", server.getsockname()[1])


def test_an_address_of_another_machine_is_not_free() -> None:
    assert not is_free("192.0.2.1", 8000)
