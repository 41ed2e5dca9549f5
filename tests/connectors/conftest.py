"""Fixtures of this folder's tests: one real Tryton and one real Request Tracker for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.peers import rt
from tests.peers.rt import Rt
from tests.peers.tryton import Tryton, require_tryton, running
from tests.support.faulty_proxy import FaultyProxy
from tests.support.store import database
from tests.support.working import post_office

__all__ = ["database", "post_office", "request_tracker", "tryton"]


@pytest.fixture(scope="session")
def tryton() -> Iterator[Tryton]:
    """A running server; whoever uses it takes away first what others left in it."""
    require_tryton()
    with running() as server:
        yield server


@dataclass(frozen=True)
class Tracked:
    """A Request Tracker, and the way to it that can fail."""

    peer: Rt
    proxy: FaultyProxy


@pytest.fixture(scope="session")
def request_tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracked]:
    """A running server; every test uses addresses and keys of its own."""
    port = rt.free_port()
    with FaultyProxy("127.0.0.1", port) as proxy:
        known_as = [proxy.url.removeprefix("http://")]
        with rt.running(tmp_path_factory.mktemp("rt"), port=port, known_as=known_as) as peer:
            yield Tracked(peer, proxy)
