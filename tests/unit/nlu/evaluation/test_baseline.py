"""How Rasa's default pipeline is taken at its word, and how the time of a fit is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.evaluation.baseline import fit_of
from nlu.evaluation.baseline import CONFIGURATION, answer_of, as_examples
from nlu.evaluation.fitting import record_of, timed_fit


def parsed(top: str, *ranking: tuple[str, float]) -> dict[str, Any]:
    return {
        "intent": {"name": top, "confidence": 0.5},
        "intent_ranking": [{"name": name, "confidence": confidence} for name, confidence in ranking],
    }


@pytest.mark.parametrize(
    ("intent", "decision"),
    [("erase", "act"), ("ask_rights", "inform"), ("greet", "talk"), ("out_of_scope", "talk")],
)
def test_the_likeliest_intent_counts(intent: str, decision: str) -> None:
    answer = answer_of(parsed(intent, (intent, 0.6), ("help", 0.3)))
    assert answer["decision"] == decision
    assert answer["intents"] == [{"name": intent, "confidence": 0.6}]
    assert answer["sections"] == []


def test_its_fallback_asks_among_the_likeliest() -> None:
    ranking = ("nlu_fallback", 0.3), ("erase", 0.28), ("access", 0.25), ("greet", 0.2), ("help", 0.1)
    answer = answer_of(parsed("nlu_fallback", *ranking))
    assert answer["decision"] == "ask"
    assert [intent["name"] for intent in answer["intents"]] == ["erase", "access", "greet"]


def test_what_only_a_situation_gives_a_meaning_to_is_passed_over() -> None:
    answer = answer_of(parsed("no_mailbox", ("no_mailbox", 0.7), ("access", 0.2), ("out_of_scope", 0.05)))
    assert answer["intents"] == [{"name": "access", "confidence": 0.2}]
    assert answer["out_of_scope"] == 0.05


def test_nothing_ranked_is_asked_about() -> None:
    assert answer_of({"intent": {"name": None}, "intent_ranking": []}) == {
        "decision": "ask",
        "intents": [],
        "sections": [],
        "out_of_scope": 0.0,
    }


def test_the_pipeline_is_fitted_as_long_as_rasa_does_it() -> None:
    pipeline = yaml.safe_load(CONFIGURATION.read_text("utf-8"))["pipeline"]
    assert {part["name"]: part["epochs"] for part in pipeline if "epochs" in part} == {
        "DIETClassifier": 100,
        "ResponseSelector": 100,
    }


def test_what_a_fit_took_lies_beside_its_model(tmp_path: Path) -> None:
    model = tmp_path / "0123.tar.gz"
    with timed_fit(model, 12):
        sum(range(2_000_000))
    assert record_of(model) == tmp_path / "0123.fit.json"
    record = json.loads(record_of(model).read_text("utf-8"))
    assert record["examples"] == 12
    assert record["processor_seconds"] > 0
    fit = fit_of(model)
    assert fit is not None
    assert (fit.processor_seconds, fit.examples) == (record["processor_seconds"], 12)
    assert [path.name for path in tmp_path.iterdir()] == ["0123.fit.json"]


def test_a_failed_fit_leaves_no_record(tmp_path: Path) -> None:
    model = tmp_path / "0123.tar.gz"
    with pytest.raises(RuntimeError, match="no model"), timed_fit(model, 12):
        raise RuntimeError("no model")
    assert fit_of(model) is None


def test_letters_are_examples_too_without_their_marks() -> None:
    letters = [
        ("A long story: what now? Please delete me.", "erase"),
        ("Another.", "access"),
        ("A third.", "erase"),
    ]
    assert yaml.safe_load(as_examples(letters)) == {
        "version": "3.1",
        "nlu": [
            {"intent": "erase", "examples": "- A long story: what now? Please delete me.\n- A third.\n"},
            {"intent": "access", "examples": "- Another.\n"},
        ],
    }
