"""The terms of texts are weighed as scikit-learn weighs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.support.components import ENGINE, PROJECT, require

TEXTS = [
    "please delete my data, my data and nothing but my data",
    "don't write to me any more",
    "a i to an it",
    "what happens if i ask you to delete me?",
    "Please Delete my DATA",
    "",
    "zyx qwv",
    "it's me: " + "delete" * 20 + " and délété ça",
    "i  to\tan\nit don't",
    "what happens if you write to me? what happens then?",
]


def test_the_weights_are_those_of_scikit_learn() -> None:
    output = subprocess.run(
        [str(require(ENGINE)), str(Path(__file__).parent / "weighing.py")],
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": ""},
        timeout=120,
        check=True,
    ).stdout
    found = json.loads(output)

    assert sorted(found) == ["characters", "forms", "several", "words"]
    for kind, (difference, largest) in found.items():
        assert largest > 0.5, kind
        assert difference < 1e-5, kind
