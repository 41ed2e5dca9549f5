"""What is to be stopped at the end of a test session, by whoever started it.

Not by `Config.add_cleanup`: where several processes test, the last of those that do has ten seconds for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

_ENDS = pytest.StashKey[contextlib.ExitStack]()


def at_the_end(config: pytest.Config, stop: Callable[[], object]) -> None:
    """Have something stopped when the session ends: what came last first.

    Args:
        config: of this process's session.
        stop: called once.
    """
    config.stash.setdefault(_ENDS, contextlib.ExitStack()).callback(stop)


def close(config: pytest.Config) -> None:
    """Stop everything; called by `tests/conftest.py`."""
    ends = config.stash.get(_ENDS, None)
    if ends is not None:
        ends.close()
