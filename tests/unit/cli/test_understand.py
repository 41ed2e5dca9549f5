"""What `understand` prints: the published form, with personal data put back."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

from bot.cli.understand import contract, lines, put_back
from bot.engine.reader import EngineReader

ECHO = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    print(json.dumps({'heard': json.loads(line)['text']}), flush=True)\n"
)


def test_every_line_counts_also_empty_ones_and_those_that_are_no_utf_8() -> None:
    text = io.BytesIO("\ufefffirst\r\n\n caf\u00e9 \x0b \u2028 same line\n".encode() + b"\xff last")
    assert list(lines(text)) == ["first", "", " café \x0b \u2028 same line", "\ufffd last"]


def test_the_printed_form_is_the_published_one_in_its_order() -> None:
    understood = {
        "out_of_scope": 0.02,
        "sections": [{"score": 0.71, "section": "9.4", "text": "not for this"}],
        "intents": [
            {"confidence": 0.97, "name": "rectify", "slots": {"value": "PHONE_1"}},
            {"confidence": 0.9, "name": "greet"},
        ],
        "decision": "act",
        "timing": 3,
    }
    printed = json.dumps(contract("my number is 07700 900123", understood, {"PHONE_1": "07700 900123"}))
    assert printed == (
        '{"text": "my number is 07700 900123", "decision": "act", "intents": [{"name": "rectify", '
        '"confidence": 0.97, "slots": {"value": "07700 900123"}}, {"name": "greet", "confidence": 0.9, '
        '"slots": {}}], "sections": [{"section": "9.4", "score": 0.71}], "out_of_scope": 0.02}'
    )


def test_placeholders_are_restored_wherever_they_stand_and_nothing_else_is() -> None:
    values = {"EMAIL_1": "a@b.example", "EMAIL_10": "c@d.example"}
    slots = {"email": "EMAIL_10", "text": "from EMAIL_1 to EMAIL_2", "parts": [{"x": "EMAIL_1"}, 3, None]}
    assert put_back(slots, values) == {
        "email": "c@d.example",
        "text": "from a@b.example to EMAIL_2",
        "parts": [{"x": "a@b.example"}, 3, None],
    }


def test_the_engine_is_asked_line_by_line(tmp_path: Path) -> None:
    command = (sys.executable, "-c", ECHO)
    with EngineReader(command, dict(os.environ), tmp_path / "logs" / "understand.log") as engine:
        assert [engine.ask(text) for text in ("one\u2028", "")] == [{"heard": "one\u2028"}, {"heard": ""}]


def test_an_engine_that_ends_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "understand.log"
    with EngineReader(
        (sys.executable, "-c", "raise SystemExit('no model')"), dict(os.environ), log
    ) as engine:
        assert engine.ask("hello") is None
        assert engine.ask("hello again") is None
    assert log.read_text() == "no model\n"
