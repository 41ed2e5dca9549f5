"""A proxy is believed only when the settings name it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from starlette.requests import Request

from actions.settings import Settings
from bot.gateway.network import peer_of


def request(peer: str, forwarded: str = "") -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "counted_as"),
    [
        ("203.0.113.9", "198.51.100.1", [], "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", ["10.0.0.0/8"], "203.0.113.9"),
        ("10.1.2.3", "198.51.100.1", ["10.0.0.0/8"], "198.51.100.1"),
        ("10.1.2.3", "1.2.3.4, 198.51.100.1", ["10.0.0.0/8"], "198.51.100.1"),
        ("10.1.2.3", "198.51.100.1, 10.9.9.9", ["10.0.0.0/8"], "198.51.100.1"),
        ("10.1.2.3", "", ["10.0.0.0/8"], "10.1.2.3"),
        ("10.1.2.3", "nonsense", ["10.0.0.0/8"], "nonsense"),
        ("fd00::1", "2001:db8:1:2:3::4", ["fd00::/8"], "2001:db8:1:2::/64"),
    ],
)
def test_whom_a_request_counts_as(peer: str, forwarded: str, trusted: list[str], counted_as: str) -> None:
    assert peer_of(request(peer, forwarded), trusted) == counted_as


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings(trusted_proxies=["10.0.0.0/99"])
