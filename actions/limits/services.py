"""Counting one hit, and refusing it when the limit is used up."""

from __future__ import annotations

import ipaddress
import math
from functools import lru_cache

from limits import RateLimitItem, parse_many
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.orm import Session

from actions.clock import now
from actions.limits.interfaces import LimitExceeded
from actions.limits.storage import DatabaseStorage

IPV6_SITE = 64


def hit(session: Session, name: str, limit_text: str, *identifiers: str) -> None:
    """Count one hit, in the transaction of what it allows: rolled back, it never happened.

    Args:
        session: a writing session.
        name: which limit, e.g. `messages`.
        limit_text: as the `limits` library reads it: `60/minute`, or several joined by `;`.
        identifiers: who is counted.

    Raises:
        LimitExceeded: the limit is used up; a hit too many does not prolong it.
    """
    storage = DatabaseStorage(session)
    limiter = FixedWindowRateLimiter(storage)
    for limit in _limits(limit_text):
        if not limiter.hit(limit, name, *identifiers):
            ends = storage.get_expiry(limit.key_for(name, *identifiers))
            raise LimitExceeded(max(1, math.ceil(ends - now(session).timestamp())))


def network_of(address: str) -> str:
    """Whom a network address counts as: itself, or its /64 in IPv6, which is what one household gets.

    Args:
        address: of the peer; anything that is no address counts as itself.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_SITE), strict=False))
    return str(parsed)


@lru_cache(maxsize=64)
def _limits(text: str) -> list[RateLimitItem]:
    return parse_many(text)
