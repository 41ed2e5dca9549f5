"""The recogniser of situations on sentences kept apart, and on the ordinary messages of the corpus."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from nlu.corpus import read_corpus
from tests.engine.running import ENGINE_PYTHON, MODELS, PROJECT, RunningEngine, engine_environment

HELD_OUT = PROJECT / "tests" / "unit" / "nlu" / "situations" / "held_out.tsv"
NONE = "none"
MAY_SHOW_ONE = {
    "on_behalf",
    "out_of_scope",
    "complaint",
    "contact_dpo",
    "talk_to_human",
    "report_breach",
    "no_mailbox",
}
"""Intents whose examples really show situations at times: insults, executors, "is X a customer"."""


def situations_of(model: Path, texts: Sequence[str]) -> list[list[str]]:
    """What the trained model names in each text."""
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "nlu.understand", "--model", str(model)],
        input="".join(json.dumps({"text": text}) + "\n" for text in texts),
        cwd=PROJECT,
        env=engine_environment(RIGHTLINE_HOME=str(MODELS)),
        capture_output=True,
        text=True,
        timeout=800,
        check=True,
    )
    return [json.loads(line)["situations"] for line in done.stdout.splitlines()]


def test_sentences_kept_apart_are_recognised_and_ordinary_ones_left_alone(model: Path) -> None:
    lines = [line.split("\t") for line in HELD_OUT.read_text(encoding="utf-8").splitlines()[1:]]
    found = situations_of(model, [text for _, text in lines])
    shown = [(name, name in names) for (name, _), names in zip(lines, found, strict=True) if name != NONE]
    recalled = sum(hit for _, hit in shown)
    missed = Counter(name for name, hit in shown if not hit)
    wrongly = [text for (name, text), names in zip(lines, found, strict=True) if name == NONE and names]
    named = sum(len(names) for (name, _), names in zip(lines, found, strict=True) if name != NONE)
    print(f"recognised {recalled} of {len(shown)}; named {named}; missed {dict(missed)}; wrongly {wrongly}")
    assert recalled / len(shown) >= 0.65
    assert recalled / named >= 0.9
    assert len(wrongly) <= 6


@pytest.mark.full
def test_ordinary_messages_of_the_corpus_are_left_alone(model: Path) -> None:
    examples, problems = read_corpus(PROJECT / "data" / "nlu")
    assert not problems
    ordinary = [example.text for example in examples if example.intent not in MAY_SHOW_ONE]
    found = situations_of(model, ordinary)
    wrongly = [(names, text) for names, text in zip(found, ordinary, strict=True) if names]
    print(f"{len(wrongly)} of {len(ordinary)} ordinary messages: {wrongly}")
    assert len(wrongly) / len(ordinary) <= 0.005


def test_the_engine_hands_situations_to_the_action_server(engine: RunningEngine) -> None:
    parsed = engine.http.post("/model/parse", json={"text": "I am 14 and want my data deleted"}).json()
    assert parsed["situations"] == ["child"]
    assert engine.http.post("/model/parse", json={"text": "please delete my data"}).json()["situations"] == []
