"""Fixtures of this folder's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.support.store import database
from tests.unit.slack.little_slack import LittleSlack

__all__ = ["database"]


@pytest.fixture
def little_slack() -> Iterator[LittleSlack]:
    """A Slack that keeps messages and can be told to misbehave."""
    with LittleSlack() as slack:
        yield slack


@pytest.fixture
def client(little_slack: LittleSlack) -> WebClient:
    """The SDK's client, speaking to it."""
    return WebClient(token="xoxb-made-up", base_url=little_slack.url)
