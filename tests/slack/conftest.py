"""A stand-in Slack for every test that wants one; whatever the app sent must have been what Slack takes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from bot.slack import posts, sender
from bot.slack.assistant import following
from bot.slack.threads import mirror
from bot.slack_standin import StandInSlack

QUICKLY = (
    (following, "LOOK_SECONDS", 0.05),
    (sender, "POLL_SECONDS", 0.05),
    (mirror, "POLL_SECONDS", 0.1),
    (posts, "EVERY_SECONDS", 0.2),
)


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app's loops look more often than they need to where a test waits for them."""
    for module, name, seconds in QUICKLY:
        monkeypatch.setattr(module, name, seconds)


@pytest.fixture
def slack(request: pytest.FixtureRequest) -> Iterator[StandInSlack]:
    """A stand-in Slack of the test's own.

    A test that wants calls to be refused says so with the mark `refuses`; otherwise a refused call fails it.
    """
    with StandInSlack() as standin:
        # A busy machine must fail no test: triggers age by this process's work, and the app's with it.
        standin.workspace.monotonic = time.process_time
        standin.deliveries.patience = 15.0
        yield standin
        if request.node.get_closest_marker("refuses") is None:
            refused = [(call.method, call.error, call.reasons) for call in standin.refused]
            assert not refused, f"Slack would refuse this: {refused}"
