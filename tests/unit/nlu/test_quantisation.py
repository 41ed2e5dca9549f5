"""The encoder's quantised matrices say what the exact ones say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from statistics import mean

import pytest

from tests.support.components import ENGINE, PROJECT, require

TEXTS = [
    "delete everything you have about me",
    "don't delete it, just pause using it",
    "what happens if i ask you to delete me?",
    "how long do you keep my data",
    "hello",
    "my surname is spelt wrong, it should be with two t",
    "i have written three times now and nobody answers, i shall go to the ico",
    "dear sir or madam, i hereby request access to the personal data that you hold about me, " * 6,
]


@pytest.mark.full
def test_the_quantised_vectors_are_close_to_the_exact_ones() -> None:
    done = subprocess.run(
        [str(require(ENGINE)), str(Path(__file__).parent / "encoding.py")],
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": ""},
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    cosines = json.loads(done.stdout)

    assert len(cosines) == len(TEXTS)
    assert min(cosines) > 0.95
    assert mean(cosines) > 0.98
    assert max(cosines) < 0.9999  # they are not the same matrices
