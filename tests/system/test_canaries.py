"""No personal data reaches the engine: not its tracker, logs or model, nor anything it is sent or sends."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time

import pytest

from bot.converse.demo import Talk
from bot.converse.report import Failed
from bot.paths import PROJECT
from tests.support.canaries import Canaries, for_a_model
from tests.support.running import Instance, scripts_to_play

# What contacts type, and the value in it that the engine must not see; no script uses these values.
TYPED = {
    "you can reach me at quillfeather.zb@canary.example": ("email", "quillfeather.zb@canary.example"),
    "My number is 07700 900 417, what do you hold on me?": ("number", "07700900417"),
    "ring +44 1632 960 655 and delete my data": ("number", "+441632960655"),
    "any news on PR-8CAN-ARY4?": ("reference", "PR-8CAN-ARY4"),
    "take Quill.Feather+Canary@Example.EXAMPLE off your list": (
        "email",
        "quill.feather+canary@example.example",
    ),
    "the code is 739 164": ("code", "739164"),
}
# What contacts paste without need, and the part of it that must be nowhere at all, the database included.
PASTED = {
    "I paid with 4000 0566 5566 5556 and want it gone": ("number", "4000056655665556"),
    "my password is quillfeather+Zb77, why can't I log in": ("value", "quillfeather+Zb77"),
    "my national insurance number is ZY 48 59 21 C, delete it": ("value", "ZY 48 59 21 C"),
    "refund me: sort code 08-99-99, account number 66374958": ("value", "66374958"),
    "I have quillfeatheritis diagnosed, I was diagnosed with canary syndrome, stop writing": (
        "value",
        "canary syndrome",
    ),
}
READ_BACK = """
import json
from actions.database import Base, get_database, tables
from sqlalchemy import select

with get_database().read() as session:
    for mapper in Base.registry.mappers:
        for row in session.scalars(select(mapper.class_)):
            print(json.dumps({c.key: getattr(row, c.key) for c in mapper.column_attrs}, default=str))
"""
UNHIDE = """
import sys
from actions.conversations import intake
from actions.conversations.interfaces import TurnInput
from actions.database import get_database

intake._vaulted = lambda session, conversation, hidden: sys.argv[2]
with get_database().write() as session:
    print(intake.accept(session, sys.argv[1], TurnInput(text=sys.argv[2])))
"""


def test_no_personal_value_of_any_script_is_anywhere_in_the_engine(
    instance: Instance, pytestconfig: pytest.Config
) -> None:
    for script in sorted(set(scripts_to_play(pytestconfig)) - instance.played):
        with contextlib.suppress(Failed):  # a failure of the script's own test
            instance.play(script)
    for text, value in TYPED.items():
        instance.used.add(value)
        ask(instance.demo.open(), text)
    used = set(instance.used)
    assert {kind for kind, _ in used} >= {"email", "code", "name", "surname", "mobile_telephone", "value"}
    canaries = Canaries(used)
    seen = (instance.home / "recorded", instance.home / "engine", instance.home / "logs")
    found = canaries.in_files(*seen) + Canaries(for_a_model(used)).in_model(instance.model)
    assert not found, "\n".join(found)


def test_the_recording_holds_what_the_engine_heard_and_was_answered(instance: Instance) -> None:
    ask(instance.demo.open(), "write to oddlyspelt.canary@canary.example and show me what you hold")
    recorded = b"".join(path.read_bytes() for path in (instance.home / "recorded").iterdir())
    assert b"show me what you hold" in recorded
    assert b"EMAIL_1" in recorded
    assert b"validate_request_form" in recorded
    assert b"requested_slot" in recorded


def test_without_the_pseudonymiser_the_search_finds_what_was_typed(instance: Instance) -> None:
    value = ("email", "unhidden.quillfeather@canary.example")
    talk = instance.demo.open()
    done = subprocess.run(
        [sys.executable, "-c", UNHIDE, talk.id, f"what do you hold on {value[1]}?"],
        cwd=PROJECT,
        env={**os.environ, "RIGHTLINE_HOME": str(instance.home), "RIGHTLINE_DEMO": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    talk.settle(int(done.stdout))
    time.sleep(0.5)
    found = Canaries({value}).in_files(instance.home / "recorded", instance.home / "engine")
    assert any("/recorded/engine-" in find for find in found)
    assert any("/recorded/actions-" in find for find in found)


def test_what_nobody_may_keep_is_nowhere(instance: Instance) -> None:
    talk = instance.demo.open()
    for text in PASTED:
        ask(talk, text)
    done = subprocess.run(
        [sys.executable, "-c", READ_BACK],
        cwd=PROJECT,
        env={**os.environ, "RIGHTLINE_HOME": str(instance.home), "RIGHTLINE_DEMO": "1"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert b"[card number removed]" in done.stdout  # it reads what the database keeps encrypted
    canaries = Canaries(PASTED.values())
    assert not canaries.in_bytes(done.stdout)
    assert not canaries.in_files(instance.home)


def ask(talk: Talk, text: str) -> None:
    """Say something and wait for the answer."""
    talk.settle(talk.send({"text": text}))
