"""The sections that the trained model finds, on questions written for measuring and for nothing else."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.engine.running import ENGINE_PYTHON, PROJECT, engine_environment

QUESTIONS = Path(__file__).with_name("policy.tsv")


def test_the_right_section_comes_first_or_nothing_where_the_policy_does_not_tell(model: Path) -> None:
    asked = [line.split("\t") for line in QUESTIONS.read_text().splitlines() if not line.startswith("#")]
    expected = [set(wanted.split("|")) for wanted, _ in asked]
    found = sections(model, [text for _, text in asked])
    told = [(wanted, got) for wanted, got in zip(expected, found, strict=True) if wanted != {"none"}]
    untold = [got for wanted, got in zip(expected, found, strict=True) if wanted == {"none"}]
    first = sum(bool(got) and got[0] in wanted for wanted, got in told) / len(told)
    first_three = sum(bool(wanted & set(got)) for wanted, got in told) / len(told)
    nothing = sum(not got for got in untold) / len(untold)
    print(f"first {first:.1%}, in the first three {first_three:.1%} of {len(told)} questions")
    print(f"nothing for {nothing:.1%} of {len(untold)} that the policy does not answer")
    assert first >= 0.85
    assert first_three >= 0.95
    assert nothing >= 0.90


def sections(model: Path, texts: Sequence[str]) -> list[list[str]]:
    """The numbers of the sections that a model finds for each text."""
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "nlu.understand", "--model", str(model)],
        input="".join(json.dumps({"text": text}) + "\n" for text in texts),
        cwd=PROJECT,
        env=engine_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [[found["section"] for found in json.loads(line)["sections"]] for line in done.stdout.splitlines()]
