"""`kill -9` of any process in mid-conversation: nothing lost, nothing twice, nothing in the wrong place."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import pytest

from bot.converse.demo import DemoError, Talk, Unanswered
from bot.converse.mailroom import code_in
from bot.converse.report import story
from tests.support.running import Instance

Moment = Literal["before", "during"]
Result = TypeVar("Result")

MESSAGES = ("request", "email", "code", "erase")
# At which messages the part is killed: before the message comes, or while it is being worked on.
KILLS: dict[str, dict[str, Moment]] = {
    "engine": {"email": "during", "code": "before"},
    "actions": {"request": "during", "email": "before", "code": "during", "erase": "during"},
    "worker": {"email": "during", "erase": "during"},
    "gateway": {"request": "during", "email": "during", "code": "before", "erase": "during"},
}
BACK_SECONDS = 150.0
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Story:
    """What came of a conversation: all that was said, all letters, the cases and the contact's state."""

    said: list[str]
    letters: list[str]
    cases: list[tuple[str, str]]
    contact: str


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Story]:
    """The story without any kill, told once."""
    return {}


@pytest.mark.parametrize("part", KILLS)
def test_a_killed_part_changes_nothing_of_the_story(
    instance: Instance, undisturbed: dict[str, Story], part: str
) -> None:
    if "story" not in undisturbed:
        undisturbed["story"] = erase(instance, "", {})
        instance.demo.reset()
    expected = undisturbed["story"]
    assert expected.cases == [("erasure", "fulfilled")]
    assert expected.contact == "erased"
    assert erase(instance, part, KILLS[part]) == expected
    instance.wait_ready(BACK_SECONDS)


def erase(instance: Instance, part: str, kills: Mapping[str, Moment]) -> Story:
    """Have a contact erased, while a part is killed at some of the messages."""
    talk = instance.demo.open()
    address = "tom@northgate.example"
    for name in MESSAGES:
        body = {
            "request": lambda: {"text": "please delete all my data"},
            "email": lambda: {"fields": {"email": address}},
            "code": lambda: {"fields": {"code": code_for(instance, address)}},
            "erase": lambda: {"choice": "erase"},
        }[name]()
        if kills.get(name) == "before":
            kill(instance, part)
        seq = insist(lambda body=body, name=name: talk.send({**body, "key": name}))  # type: ignore[misc]
        if kills.get(name) == "during":
            kill(instance, part)
        insist(lambda seq=seq: talk.settle(seq))  # type: ignore[misc]
    insist(lambda: wait_for_the_end(instance, talk))
    state = insist(instance.demo.state)
    letters = insist(lambda: wait_for_letters(instance, 2))
    return Story(
        said=[re.sub(r"PR-\w{4}-\w{4}", "PR", line) for line in story(talk.messages)],
        letters=sorted(re.sub(r"PR-\w{4}-\w{4}", "PR", mail["subject"]) for mail in letters),
        cases=[(case["right"], case["state"]) for case in state["cases"]],
        contact=state["contacts"]["tom"]["state"],
    )


def kill(instance: Instance, part: str) -> None:
    """Kill a part, and see that its process is gone."""
    pid = instance.kill(part)
    deadline = time.monotonic() + 10
    while instance.running.parts.get(part) == pid:
        assert time.monotonic() < deadline, f"{part} did not die"
        time.sleep(0.02)


def insist(attempt: Callable[[], Result]) -> Result:
    """Try again for as long as the gateway is away or an answer takes its time, as the widget does."""
    deadline = time.monotonic() + BACK_SECONDS
    while True:
        try:
            return attempt()
        except (DemoError, Unanswered):
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_SECONDS)


def code_for(instance: Instance, address: str) -> str:
    """The code mailed to an address."""

    def look() -> str:
        codes = [code_in(mail) for mail in instance.demo.mailbox() if address in mail["to"]]
        if not codes or codes[-1] is None:
            raise DemoError("no code yet")
        return codes[-1]

    return insist(look)


def wait_for_the_end(instance: Instance, talk: Talk) -> None:
    """Until the assistant has told that it is done."""
    talk.look()
    if not any((message.get("text") or "").startswith("Done") for message in talk.messages):
        raise DemoError("not done yet")


def wait_for_letters(instance: Instance, count: int) -> list[dict[str, Any]]:
    """At least so many letters, and what comes within another second."""
    if len(instance.demo.mailbox()) < count:
        raise DemoError("not all letters yet")
    time.sleep(1)
    return instance.demo.mailbox()
