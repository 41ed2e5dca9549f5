"""One real engine for all tests of this folder, and an action server that takes notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.actions_stub import ActionsStub, keeps_asking
from tests.engine.running import RunningEngine, running_engine, trained_model
from tests.support.components import ENGINE, require

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs an engine, and allow for its training."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engine)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model."""
    require(ENGINE)
    return trained_model()


@pytest.fixture(scope="session")
def shared_stub() -> Iterator[ActionsStub]:
    """The action server of all tests."""
    with ActionsStub() as stub:
        yield stub


@pytest.fixture(scope="session")
def shared_engine(
    model: Path, shared_stub: ActionsStub, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningEngine]:
    """The engine of all tests."""
    with running_engine(model, shared_stub.url, tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture
def actions(shared_stub: ActionsStub) -> Iterator[ActionsStub]:
    """The action server, as if nobody had called it yet; a test may set what it answers."""
    shared_stub.calls.clear()
    shared_stub.answer = keeps_asking
    yield shared_stub
    shared_stub.answer = keeps_asking


@pytest.fixture
def engine(shared_engine: RunningEngine, actions: ActionsStub) -> RunningEngine:
    """The engine; sessions are new for each test."""
    return shared_engine
