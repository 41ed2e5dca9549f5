"""The same texts give the same model, whatever order Python happens to give a set."""

from __future__ import annotations

import os
import subprocess

from bot.paths import ENGINE_PYTHON, PROJECT
from tests.support.components import ENGINE, require

FIT = """
import hashlib, re
import numpy as np
from nlu.situations.model import Example, SituationModel
from nlu.situations.reading import Situation

chance = np.random.default_rng(3)
def example(text, *shows):
    vector = chance.standard_normal(384).astype(np.float32)
    return Example(text, vector / np.linalg.norm(vector), shows)
things, places, looks = ("van", "cat", "door"), ("yard", "hall", "shed"), ("red", "wet", "loud")
texts = [f"the {a} in the {b} is quite {c} today" for a in things for b in places for c in looks]
examples = [example(text, *(["loud"] if "loud" in text else [])) for text in texts]
model = SituationModel.fit([Situation("loud", (), (), (re.compile("zzz"),))], examples)
print(hashlib.sha256(model._weights.tobytes()).hexdigest())
"""


def fitted(seed: str) -> str:
    """A hash of what is learned in a process of its own, whose sets are ordered by the seed."""
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", FIT],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_the_order_of_sets_makes_no_difference() -> None:
    require(ENGINE)
    assert fitted("1") == fitted("2") == fitted("3")
