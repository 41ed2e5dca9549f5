"""What the encoder learned of privacy requests beside what its package brings: an addition to each matrix.

Each matrix of its blocks is added the product of two narrow ones (Hu et al., "LoRA: Low-Rank Adaptation of
Large Language Models", 2021), learned once with `nlu.adapting` from this project's examples and kept in
`data/encoder`. The encoder is converted with them added, so that they cost nothing when it reads.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nlu.home import PROJECT

if TYPE_CHECKING:  # the name of a model is asked for where there is no onnx
    from nlu.encoder.graph import Weights

ADAPTATION = PROJECT / "data" / "encoder" / "adaptation.safetensors"

HALVES = ("narrow", "wide")


class AdaptationUnusable(RuntimeError):
    """The adaptation is not one for this encoder; the message names the file and what to do."""


def adapted(weights: Weights, path: Path = ADAPTATION) -> Weights:
    """Add what was learned to the weights.

    Args:
        weights: The tensors of the checkpoint by their names in it.
        path: The additions: for a matrix called `name.weight`, `name.narrow` (inputs × rank) and `name.wide`
            (rank × outputs).

    Returns:
        The weights with the additions; the same where there is no such file.

    Raises:
        AdaptationUnusable: If the file cannot be read, or an addition fits no matrix.
    """
    import numpy as np
    from safetensors import SafetensorError  # type: ignore[attr-defined]
    from safetensors.numpy import load_file

    if not path.is_file():
        return weights
    try:
        additions = load_file(str(path))
    except (OSError, SafetensorError) as error:
        raise _unusable(path, f"cannot be read ({error})") from error
    changed = dict(weights)
    for name in sorted({key.rpartition(".")[0] for key in additions}):
        if f"{name}.weight" not in weights or any(f"{name}.{half}" not in additions for half in HALVES):
            raise _unusable(path, f"holds {name!r}, which is no addition to a matrix of this encoder")
        narrow, wide = (additions[f"{name}.{half}"].astype(np.float32) for half in HALVES)
        matrix = weights[f"{name}.weight"]
        if (
            narrow.ndim != 2
            or narrow.shape[1:] != wide.shape[:1]
            or matrix.shape
            != (
                *wide.shape[1:],
                narrow.shape[0],
            )
        ):
            raise _unusable(path, f"holds an addition to {name!r} of another shape than that matrix")
        changed[f"{name}.weight"] = matrix + (narrow @ wide).T
    return changed


def _unusable(path: Path, problem: str) -> AdaptationUnusable:
    return AdaptationUnusable(
        f"{path} {problem}; take the file of the project's repository, or make it anew with ./rightline adapt"
    )
