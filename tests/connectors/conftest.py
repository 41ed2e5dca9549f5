"""Fixtures of this folder's tests: one real Tryton for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.tryton import Tryton, require_tryton, running
from tests.support.store import database
from tests.support.working import post_office

__all__ = ["database", "post_office", "tryton"]


@pytest.fixture(scope="session")
def tryton() -> Iterator[Tryton]:
    """A running server; whoever uses it takes away first what others left in it."""
    require_tryton()
    with running() as server:
        yield server
