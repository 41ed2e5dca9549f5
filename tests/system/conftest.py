"""Tests of everything together, against the session's one running demo."""

from __future__ import annotations

import pytest

from tests.support.running import READY_SECONDS, Instance, shared_instance

TEST_SECONDS = 300.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the engine; whichever comes first waits for the demo."""
    for item in items:
        if item.path.parent.name == "system":
            item.add_marker(pytest.mark.engine)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(READY_SECONDS + TEST_SECONDS))


@pytest.fixture
def instance(request: pytest.FixtureRequest) -> Instance:
    """The running demo, at its first moment."""
    found = shared_instance(request.config)
    found.wait_ready()
    found.demo.reset()
    return found
