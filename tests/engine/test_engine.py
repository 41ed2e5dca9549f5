"""The engine's process: ready when it says so, on loopback alone, silent about what is said, not too big."""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.engine.actions_stub import ActionsStub
from tests.engine.running import ENGINE_PYTHON, PROJECT, RunningEngine, engine_environment

TEXTS = [
    "please delete all my data",
    "what happens if I ask you to delete me",
    "don't erase anything, just fix my phone number",
    "delete the duplicate invoice from last month",
    "sort out my details",
    "my address is EMAIL_1 and I can be reached at PHONE_1",
    "EMAIL_1",
    "Stop emailing me offers. " * 300,
    "ｄｅｌｅｔｅ my d\u200bata 🙏",
]
MEMORY_BYTES = 900 * 1024 * 1024
READY_SECONDS = 45
PARSE_MEDIAN_SECONDS = 0.012


def test_the_first_message_is_as_quick_as_the_next(engine: RunningEngine) -> None:
    first = _seconds(engine, "I would like a copy of everything, please")
    assert first < 0.5


def test_only_loopback_listens(engine: RunningEngine) -> None:
    process = psutil.Process(engine.process.pid)
    listening = [c.laddr.ip for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]

    assert listening == ["127.0.0.1"]


def test_it_connects_to_nothing_but_the_action_server(engine: RunningEngine, actions: ActionsStub) -> None:
    engine.say(engine.new_session(), "hello")
    remote = {c.raddr.ip for c in psutil.Process(engine.process.pid).net_connections("inet") if c.raddr}

    assert remote <= {"127.0.0.1"}


def test_its_log_quotes_no_message(engine: RunningEngine, actions: ActionsStub) -> None:
    sender = engine.new_session()
    for message in (
        "canaryword delete my data",
        "/canaryword",
        "/erase{canaryword",
        '/provide{"email": canaryword}',
    ):
        engine.say(sender, message)
    actions.answer = lambda _call: None
    engine.say(sender, "canaryword yes")

    assert "canaryword" not in engine.log.read_text(errors="replace")


def test_the_tracker_appends_to_a_log_and_wipes_what_it_deletes(engine: RunningEngine) -> None:
    engine.say(engine.new_session(), "hello")
    with sqlite3.connect(engine.database, timeout=5) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    assert mode == "wal"


def test_it_is_ready_soon_and_not_too_big(engine: RunningEngine) -> None:
    engine.parse(TEXTS[7])

    assert psutil.Process(engine.process.pid).memory_info().rss < MEMORY_BYTES


@pytest.mark.full
def test_it_is_quick_on_a_quiet_machine(engine: RunningEngine) -> None:
    seconds = [_seconds(engine, f"{text} {number}") for number in range(20) for text in TEXTS[:6]]

    assert statistics.median(seconds) <= PARSE_MEDIAN_SECONDS
    assert engine.ready_seconds <= READY_SECONDS


def test_the_command_line_understands_as_the_engine_does(engine: RunningEngine, model: Path) -> None:
    lines = "".join(json.dumps({"text": text}) + "\n" for text in TEXTS)
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "nlu.understand", "--model", str(model)],
        cwd=PROJECT,
        env=engine_environment(),
        input=lines,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(TEXTS)
    for text, answer in zip(TEXTS, answers, strict=True):
        parsed = engine.parse(text)
        entities, situations = answer.pop("entities"), answer.pop("situations")
        assert situations == parsed["situations"]
        assert answer == parsed["understanding"]
        assert entities == [
            {"entity": entity["entity"], "value": entity["value"]} for entity in parsed["entities"]
        ]


def test_a_line_that_is_no_message_gets_an_error_and_the_next_an_answer(model: Path) -> None:
    situational = '{"text": "send it again", "offered": ["resend_code"]}'
    lines = ["nonsense", '{"text": 3}', "[]", "", '{"text": "hello"}', situational]
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "nlu.understand", "--model", str(model)],
        cwd=PROJECT,
        env=engine_environment(),
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=120,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]

    assert [("error" in answer) for answer in answers] == [True, True, True, False, False]
    assert answers[3]["intents"][0]["name"] == "greet"
    assert answers[4]["intents"] == []


def _seconds(engine: RunningEngine, text: str) -> float:
    started = time.monotonic()
    engine.parse(text)
    return time.monotonic() - started


def test_a_message_whose_session_cannot_be_read_fails(engine: RunningEngine) -> None:
    """Rasa would answer `200 []` and go on as if nothing had been said before."""
    sender = engine.new_session()
    engine.say(sender, "/erase")
    content = {"sender": sender, "message": "hello", "metadata": {"turn": "turn-2", "offered": []}}
    with sqlite3.connect(engine.database, timeout=5) as connection:
        connection.execute("ALTER TABLE events RENAME TO hidden")
    try:
        answer = engine.http.post("/webhooks/rest/webhook", json=content)
        stores = engine.http.get("/stores")
    finally:
        with sqlite3.connect(engine.database, timeout=5) as connection:
            connection.execute("ALTER TABLE hidden RENAME TO events")
    assert answer.status_code == 500
    assert "hello" not in answer.text
    assert stores.status_code == 200, "the database is there, whatever is wrong in it"
    assert engine.tracker(sender)["active_loop"]["name"] == "request_form"
