"""Who connects, where a proxy stands between: believed only from proxies that the settings name."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.requests import Request

from actions.limits.services import network_of

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def peer_of(request: Request, trusted: Sequence[str]) -> str:
    """Whom a request counts as for limits by network address.

    Args:
        request: the request.
        trusted: networks of proxies of ours, as `10.0.0.0/8`; only what they add to `X-Forwarded-For` counts.
    """
    peer = request.client.host if request.client else ""
    networks = [ipaddress.ip_network(one, strict=False) for one in trusted]
    if networks and _within(peer, networks):
        # Read from the right: everything left of the first stranger was written by that stranger.
        for hop in reversed(request.headers.get("x-forwarded-for", "").split(",")):
            if not (address := hop.strip()):
                break
            peer = address
            if not _within(address, networks):
                break
    return network_of(peer)


def _within(address: str, networks: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks if network.version == parsed.version)
