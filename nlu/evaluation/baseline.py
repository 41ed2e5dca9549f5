"""Rasa's default pipeline on our examples: fits it, and reads messages with it.

    python -m nlu.evaluation.baseline fit PATH      takes an hour; its progress is on standard error
    python -m nlu.evaluation.baseline read PATH     messages as for nlu.understand, answers in the same form

The answer is the obvious one: what the pipeline thinks likeliest, and where its own fallback doubts that, the
contact would be asked among the likeliest. It knows one intent a message and no policy.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import yaml  # type: ignore[import-untyped]

from nlu.corpus import read_corpus
from nlu.evaluation.fitting import timed_fit
from nlu.home import PROJECT
from nlu.quiet import be_quiet
from nlu.requests.letter_examples import read_letters
from nlu.requests.marked_examples import read_marked
from nlu.understanding.vocabulary import CONTRACT, QUESTIONS, REQUESTS

CONFIGURATION = Path(__file__).with_name("baseline.yml")
EXAMPLES = PROJECT / "data" / "nlu"
LETTERS = PROJECT / "data" / "understanding" / "letters"
MARKED = tuple(PROJECT / "data" / "understanding" / name for name in ("marked", "context"))
FALLBACK = "nlu_fallback"
OFFERED_AT_MOST = 3


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.evaluation.baseline", description="Rasa's default pipeline on our examples."
    )
    parser.add_argument("what", choices=("fit", "read"))
    parser.add_argument("model", type=Path, help="the archive to write or to read")
    parser.add_argument("--configuration", type=Path, default=CONFIGURATION, help="another pipeline")
    options = parser.parse_args(arguments)
    be_quiet()
    if options.what == "fit":
        # Rasa shows the epochs only at this level; they read examples, and no message of anybody.
        os.environ["LOG_LEVEL"] = "INFO"
        fit(options.configuration, options.model)
    else:
        answer_lines(options.model, sys.stdin, sys.stdout)
    return 0


def fit(configuration: Path, target: Path) -> None:
    """Fit the pipeline to the project's examples and put the model in place in one step.

    Letters and marked passages are among them: what ours has learned from, this has, too.

    Args:
        configuration: The pipeline.
        target: Where the model goes, with a record of the time beside it.

    Raises:
        RuntimeError: If Rasa made no model.
    """
    examples, _ = read_corpus(EXAMPLES)
    intents = {example.intent for example in examples}
    beside = [(letter.text, letter.intent) for letter in read_letters(LETTERS, intents)]
    for folder in filter(Path.is_dir, MARKED):
        beside += [passage for message in read_marked(folder, intents) for passage in message.shown()]
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix="fitting-"))
    try:
        shown = shutil.copytree(EXAMPLES, scratch / "examples")
        (shown / "beside.yml").write_text(as_examples(beside), encoding="utf-8")
        with timed_fit(target, len(examples) + len(beside)):
            from rasa.model_training import train_nlu

            model = train_nlu(str(configuration), str(shown), str(scratch), fixed_model_name="baseline")
            if model is None:
                raise RuntimeError("Rasa made no model; its messages are above")
            Path(model).replace(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def as_examples(examples: Sequence[tuple[str, str]]) -> str:
    """Letters and passages as Rasa reads examples, without marks: its default pipeline has no use for those.

    Args:
        examples: Each text with its intent.
    """
    texts: dict[str, list[str]] = {}
    for text, intent in examples:
        texts.setdefault(intent, []).append(text)
    nlu = [
        {"intent": intent, "examples": "".join(f"- {one}\n" for one in own)} for intent, own in texts.items()
    ]
    return str(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, sort_keys=False))


def answer_lines(model: Path, lines: TextIO, output: TextIO) -> None:
    """Answer every message as soon as it is read.

    Args:
        model: The archive that `fit` wrote.
        lines: Messages, as JSON with a `text`.
        output: Where the answers go, one a line.
    """
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    for line in lines:
        parsed = asyncio.run(agent.parse_message(json.loads(line)["text"]))
        output.write(json.dumps(answer_of(parsed)) + "\n")
        output.flush()


def answer_of(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Put what Rasa parsed into the form of our own understanding.

    Args:
        parsed: With `intent` and `intent_ranking`.

    Returns:
        Decision, intents, no sections, and the probability of `out_of_scope` (0 where Rasa does not rank it).
    """
    ranking = [
        {"name": str(intent["name"]), "confidence": float(intent["confidence"])}
        for intent in parsed.get("intent_ranking") or ()
        if intent["name"] in CONTRACT
    ]
    doubted = (parsed.get("intent") or {}).get("name") == FALLBACK
    return {
        "decision": _decision(ranking, doubted=doubted),
        "intents": ranking[:OFFERED_AT_MOST] if doubted else ranking[:1],
        "sections": [],
        "out_of_scope": next((one["confidence"] for one in ranking if one["name"] == "out_of_scope"), 0.0),
    }


def _decision(ranking: Sequence[Mapping[str, Any]], *, doubted: bool) -> str:
    if doubted or not ranking:
        return "ask"
    if ranking[0]["name"] in REQUESTS:
        return "act"
    return "inform" if ranking[0]["name"] in QUESTIONS else "talk"


if __name__ == "__main__":
    sys.exit(main())
