"""The waiting time before what cannot be undone: nothing happens in it, and it can be taken back meanwhile.

The demo waits for nothing; here an agent approves under the ordinary setting, and the demo's clock moves.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.converse.demo import Talk
from bot.converse.mailroom import Mailroom
from bot.paths import PROJECT
from tests.support.running import Instance

ADDRESS = "priya@hartwell.example"
SOON_SECONDS = 20.0


@pytest.fixture
def scheduled(instance: Instance) -> Talk:
    """A conversation whose erasure was approved, and waits."""
    mailroom = Mailroom(instance.demo)
    talk = instance.demo.open()
    for body in ({"text": "delete all my data"}, {"fields": {"email": ADDRESS}}):
        talk.settle(talk.send(body))
    talk.settle(talk.send({"fields": {"code": mailroom.newest_code(ADDRESS)}}))
    talk.settle(talk.send({"choice": "erase"}))
    reference = instance.demo.state()["cases"][0]["reference"]
    subprocess.run(
        [sys.executable, "-m", "bot", "cases", "approve", reference, "--as", "dana"],
        cwd=PROJECT,
        env={**os.environ, "RIGHTLINE_HOME": str(instance.home), "RIGHTLINE_ERASURE_WAIT_HOURS": "24"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert case_state(instance) == "scheduled"
    mail = mailroom.find({"to": ADDRESS, "subject": "will be deleted soon"})
    assert reference in mail["text"]
    assert "#undo" in mail["text"]
    return talk


def test_nothing_is_deleted_before_its_end_and_everything_after(instance: Instance, scheduled: Talk) -> None:
    instance.demo.advance(timedelta(hours=23, minutes=50))
    time.sleep(1)
    assert (case_state(instance), contact_state(instance)) == ("scheduled", "active")
    instance.demo.advance(timedelta(minutes=11))
    wait_until(lambda: case_state(instance) == "fulfilled")
    assert contact_state(instance) == "reduced"
    wait_until(lambda: said(scheduled, "what we don't have to keep"))


def test_it_can_be_taken_back_until_then(instance: Instance, scheduled: Talk) -> None:
    instance.demo.advance(timedelta(hours=23))
    scheduled.settle(scheduled.send({"text": "I changed my mind, please don't delete me"}))
    assert case_state(instance) == "withdrawn"
    instance.demo.advance(timedelta(days=2))
    time.sleep(1)
    assert (case_state(instance), contact_state(instance)) == ("withdrawn", "active")
    assert not any(
        "deleted" in mail["subject"] and "soon" not in mail["subject"] for mail in letters(instance)
    )


def case_state(instance: Instance) -> str:
    """The state of the newest case."""
    state: str = instance.demo.state()["cases"][-1]["state"]
    return state


def contact_state(instance: Instance) -> str:
    """What the CRM says of the contact."""
    state: str = instance.demo.state()["contacts"]["priya"]["state"]
    return state


def letters(instance: Instance) -> list[dict[str, str]]:
    """What went to the contact."""
    return [mail for mail in instance.demo.mailbox() if mail["to"] == ADDRESS]


def said(talk: Talk, words: str) -> bool:
    """Whether somebody said so, not counting the contact."""
    talk.look()
    return any(
        words in (message.get("text") or "") for message in talk.messages if message["from"] != "contact"
    )


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what the worker does."""
    deadline = time.monotonic() + SOON_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)
