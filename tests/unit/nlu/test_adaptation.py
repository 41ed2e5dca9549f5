"""What the encoder learned fits it, is named where it does not, and can be learned anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu.encoder.adaptation import ADAPTATION
from tests.support.engine_python import answer_of

FITS = """
import json, sys
from pathlib import Path
import numpy as np
from safetensors.numpy import load_file, save_file
from nlu.encoder.adaptation import AdaptationUnusable, adapted
from nlu.encoder.package import packaged_files

weights = load_file(str(packaged_files().weights))
after = adapted(weights)
changed = [name for name in weights if after[name] is not weights[name]]
folder, refused = Path(sys.argv[1]), {}
shapes = {
    "no such matrix": {"encoder.layer.9.output.dense": ((1536, 2), (2, 384))},
    "other shape": {"encoder.layer.0.output.dense": ((384, 2), (2, 384))},
    "halves": {"encoder.layer.0.output.dense": ((1536, 2), (3, 384))},
}
for problem, additions in shapes.items():
    path = folder / "wrong.safetensors"
    halves = ("narrow", "wide")
    ones = {f"{n}.{h}": np.ones(s, np.float16) for n, t in additions.items() for h, s in zip(halves, t)}
    save_file(ones, str(path))
    try:
        adapted(weights, path)
    except AdaptationUnusable as error:
        refused[problem] = str(error)
(folder / "broken.safetensors").write_bytes(b"not tensors")
try:
    adapted(weights, folder / "broken.safetensors")
except AdaptationUnusable as error:
    refused["broken"] = str(error)
sizes = [float(np.abs(after[name] - weights[name]).max() / np.abs(weights[name]).max()) for name in changed]
json.dump(
    {
        "changed": changed,
        "sizes": sizes,
        "refused": refused,
        "without": adapted(weights, folder / "none") is weights,
    },
    sys.stdout,
)
"""


def test_the_projects_adaptation_changes_the_blocks_a_little_and_what_does_not_fit_is_named(
    tmp_path: Path,
) -> None:
    found = json.loads(answer_of("-c", FITS, str(tmp_path), timeout=60))

    assert len(found["changed"]) == 36, "six matrices in each of six blocks"
    assert all(name.startswith("encoder.layer.") for name in found["changed"])
    assert 0 < min(found["sizes"]) <= max(found["sizes"]) < 1, "additions, not another encoder"
    assert found["without"] is True
    assert set(found["refused"]) == {"no such matrix", "other shape", "halves", "broken"}
    for message in found["refused"].values():
        assert str(tmp_path) in message
        assert "./rightline adapt" in message


def test_it_is_small_enough_for_a_repository() -> None:
    assert 100_000 < ADAPTATION.stat().st_size < 3_000_000


@pytest.mark.full
def test_a_few_texts_are_told_apart_after_learning_them() -> None:
    found = json.loads(answer_of(str(Path(__file__).parent / "adapting.py"), timeout=300))

    assert min(found["alike"]) > 0.9999, "the network that learns encodes as the encoder does, padded or not"
    assert found["apart_after"] < found["apart_before"] - 0.1
    assert found["together_after"] > found["apart_after"] + 0.1
    assert found["rank"] <= 24
