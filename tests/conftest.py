"""What every test shares: the long ones are opt-in, and no test touches the state of a real installation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from bot.paths import PROJECT
from tests.support.closing import close

_TRAINING = pytest.StashKey[subprocess.Popen[bytes]]()

# A busy machine takes its time over an example; what is slow is measured elsewhere.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full`: also the tests marked so."""
    parser.addoption("--full", action="store_true", help="also run the long matrices and benchmarks")


def pytest_configure(config: pytest.Config) -> None:
    """Point the settings at an empty folder, whatever the shell has set, before any module can read them."""
    for name in list(os.environ):
        if name.startswith("RIGHTLINE_") and not name.startswith("RIGHTLINE_TEST_"):
            del os.environ[name]
    home = tempfile.mkdtemp(prefix="rightline-tests-")
    os.environ["RIGHTLINE_HOME"] = home
    # The model is trained once for all tests, and not at all when `up` has done so already.
    os.environ["RIGHTLINE_MODELS"] = str(PROJECT / ".rightline")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where several processes test, begin to train beside them: those that need no model need not wait."""
    config = session.config
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        command = [sys.executable, "-m", "bot", "train"]
        nowhere = subprocess.DEVNULL
        config.stash[_TRAINING] = subprocess.Popen(command, cwd=PROJECT, stdout=nowhere, stderr=nowhere)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop what the tests shared, and the training if it outlives them, which then did not need it."""
    close(session.config)
    training = session.config.stash.get(_TRAINING, None)
    if training is not None:
        training.terminate()
        training.wait()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `full` unless it was asked for, by option or mark; put the browser last.

    Playwright keeps an event loop running in the main thread for as long as its browser is open, and no test
    with a loop of its own could run beside it.
    """
    items.sort(key=lambda item: item.path.is_relative_to(PROJECT / "tests" / "browser"))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_company(item.path)))
    _on_which_databases(config, items)
    if config.getoption("--full") or "full" in config.getoption("-m"):
        return
    long = [item for item in items if item.get_closest_marker("full")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("full")]


def _company(path: Path) -> str:
    """Whom a test shares servers and fixtures with: those tests run in one process, one after the other."""
    parts = path.relative_to(PROJECT).parts[:-1]
    return "/".join(parts[: 3 if parts[:2] == ("tests", "unit") else 2])


@pytest.fixture(autouse=True)
def _logs_of_one_test() -> Iterator[None]:
    """Log as before: a command that a test ran had its lines go where nobody reads any more."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def _on_which_databases(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What runs on each kind of database runs on PostgreSQL in full runs only, unless marked `everywhere`."""
    impossible = []
    for item in items:
        parameters = getattr(item, "callspec", None)
        if parameters is None or "postgresql" not in (
            parameters.params.get("database"),
            parameters.params.get("empty"),
        ):
            continue
        if item.get_closest_marker("on_sqlite"):
            impossible.append(item)
        elif not item.get_closest_marker("everywhere"):
            item.add_marker(pytest.mark.full)
    if impossible:
        items[:] = [item for item in items if item not in set(impossible)]


@pytest.fixture(autouse=True)
def _settings_of_one_test() -> Iterator[None]:
    """Forget what a test made of the settings and the key: processes of later tests must agree with them.

    Before a test too: those of `examples/` know nothing of this file.
    """
    from actions.preferences.fingerprints import _keys
    from actions.settings import get_settings
    from actions.vault.cipher import _derived

    def forget() -> None:
        for remembered in (get_settings, _derived, _keys):
            remembered.cache_clear()

    forget()
    yield
    forget()
