"""What the clauses of a letter ask for, each read beside the others.

A clause read alone does not say whether it tells of an earlier request, goes on with the one before it, or
makes one. A small transformer (Vaswani et al., "Attention Is All You Need", 2017) over the vectors of
its clauses, learned once with `nlu.adapting` from marked letters and kept in `data/encoder`, tells that. Half
of what is made of a clause goes by it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.encoder.conversion import encoder_hash
from nlu.home import PROJECT
from nlu.requests.clauses import CLAUSES_AT_MOST
from nlu.requests.interfaces import Part

LETTERS = PROJECT / "data" / "encoder" / "letters.safetensors"

NOTHING = "-"
"""The label of a clause that asks for nothing."""

POSITIONS = CLAUSES_AT_MOST + 1
VECTOR = 384
HEADS = 4
BLOCKS = 2
FLAGS = 4
LOUDER = 8.0
"""Vectors have length 1, so that each of their numbers is small beside a flag."""

SHARE = 0.5
"""How much of what is made of a clause goes by the others: of 0.3, 0.5 and 0.7 the best for the development
set."""

LEAST = 1e-3
"""How likely an intent is at least, that the rest may still speak for it."""

_EPSILON = 1e-5

Matrix = npt.NDArray[np.float32]
Weights = Mapping[str, Matrix]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LetterContext:
    """Networks that read the clauses of a letter beside each other.

    Attributes:
        labels: What a clause may ask for, `NOTHING` first.
        networks: Their weights, those of the same name of all networks in one array.
    """

    labels: Sequence[str]
    networks: Weights

    def read(self, parts: Sequence[Part], whole: Matrix) -> list[Part]:
        """Return the clauses of a letter as they are read beside each other.

        Args:
            parts: The clauses, each with its vector and what it is read as alone.
            whole: The vector of the letter, made of theirs (`nlu.requests.vectors`).
        """
        if not parts:
            return []
        vectors = np.stack([whole, *(part.vector for part in parts)])
        flags = flags_of(parts)
        asks_for = probabilities(self.networks, vectors, flags)[1:]
        return [self._informed(part, row) for part, row in zip(parts, asks_for, strict=True)]

    def _informed(self, part: Part, row: Matrix) -> Part:
        asks = max(LEAST, 1.0 - float(row[0]))
        meant = {
            label: max(LEAST, float(one) / asks) for label, one in zip(self.labels[1:], row[1:], strict=True)
        }
        both = {
            intent: max(LEAST**2, alone) ** (1.0 - SHARE) * meant.get(intent, LEAST) ** SHARE
            for intent, alone in part.probabilities.items()
        }
        total = sum(both.values())
        likeliest = max(both, key=lambda intent: both[intent])
        asked = dict(zip(self.labels, row.tolist(), strict=True)).get(likeliest, 0.0)
        return replace(
            part,
            in_context=asked,
            probabilities={intent: probability / total for intent, probability in both.items()},
            asks_in_a_letter=part.asks_in_a_letter ** (1.0 - SHARE) * asks**SHARE,
        )


def flags_of(parts: Sequence[Part]) -> Matrix:
    """Return what is known of each place beside its vector: that it is the whole letter, or a clause, whose
    sentence may be a question, and which may be joined to the one before it."""
    rows = [(1.0, 0.0, 0.0, 0.0)]
    rows += [(0.0, float(part.clause.asks), float(bool(part.clause.joint)), 1.0) for part in parts]
    return np.array(rows, dtype=np.float32)


def probabilities(weights: Weights, vectors: Matrix, flags: Matrix) -> Matrix:
    """Return how likely each place of a letter has each label: the mean of what several networks say.

    Args:
        weights: Of the networks, which are the first axis of each array.
        vectors: The vector of the whole letter, then of each clause.
        flags: The same number of rows, as `flags_of` returns them.
    """
    loud = vectors.astype(np.float32) * LOUDER
    hidden = np.concatenate([loud, flags], axis=1) @ weights["in.weight"] + _row(weights, "in.bias")
    hidden = _normed(hidden + weights["positions"][:, : len(vectors)], weights, "in")
    for block in range(BLOCKS):
        hidden = _normed(hidden + _seen(hidden, weights, block), weights, f"{block}.seen")
        wide = _gelu(hidden @ weights[f"{block}.wide.weight"] + _row(weights, f"{block}.wide.bias"))
        narrow = wide @ weights[f"{block}.narrow.weight"] + _row(weights, f"{block}.narrow.bias")
        hidden = _normed(hidden + narrow, weights, f"{block}.done")
    scores = hidden @ weights["out.weight"] + loud @ weights["beside.weight"] + _row(weights, "out.bias")
    shares: Matrix = _shares(scores).mean(axis=0)
    return shares


def shapes(labels: int, width: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each of a network's weights.

    Args:
        labels: How many labels it knows.
        width: How many numbers it makes of each place.
    """
    found: dict[str, tuple[int, ...]] = {
        "in.weight": (VECTOR + FLAGS, width),
        "in.bias": (width,),
        "positions": (POSITIONS, width),
        "out.weight": (width, labels),
        "out.bias": (labels,),
        "beside.weight": (VECTOR, labels),
    }
    for block in range(BLOCKS):
        found |= {
            f"{block}.attention.weight": (width, 3 * width),
            f"{block}.attention.bias": (3 * width,),
            f"{block}.out.weight": (width, width),
            f"{block}.out.bias": (width,),
            f"{block}.wide.weight": (width, 2 * width),
            f"{block}.wide.bias": (2 * width,),
            f"{block}.narrow.weight": (2 * width, width),
            f"{block}.narrow.bias": (width,),
        }
    for name in ("in", *(f"{block}.{part}" for block in range(BLOCKS) for part in ("seen", "done"))):
        found |= {f"{name}.scale": (width,), f"{name}.shift": (width,)}
    return found


def _seen(hidden: Matrix, weights: Weights, block: int) -> Matrix:
    networks, places, width = hidden.shape
    product = hidden @ weights[f"{block}.attention.weight"] + _row(weights, f"{block}.attention.bias")
    split = product.reshape(networks, places, 3, HEADS, width // HEADS).transpose(2, 0, 3, 1, 4)
    query, key, value = split
    likeness = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS))
    together = (_shares(likeness) @ value).transpose(0, 2, 1, 3).reshape(networks, places, width)
    seen: Matrix = together @ weights[f"{block}.out.weight"] + _row(weights, f"{block}.out.bias")
    return seen


def _row(weights: Weights, name: str) -> Matrix:
    return weights[name][:, None, :]


def _shares(scores: Matrix) -> Matrix:
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Matrix = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return shares


def _gelu(values: Matrix) -> Matrix:
    cubed = values * (1.0 + np.float32(0.044715) * values * values)
    activated: Matrix = 0.5 * values * (1.0 + np.tanh(np.float32(np.sqrt(2.0 / np.pi)) * cubed))
    return activated


def _normed(values: Matrix, weights: Weights, name: str) -> Matrix:
    middle = values - values.mean(axis=-1, keepdims=True)
    scaled = middle / np.sqrt((middle * middle).mean(axis=-1, keepdims=True) + np.float32(_EPSILON))
    normed: Matrix = scaled * _row(weights, f"{name}.scale") + _row(weights, f"{name}.shift")
    return normed


def read_networks(path: Path = LETTERS) -> LetterContext | None:
    """Read what was learned; nothing where there is no such file, or it was learned for another encoder.

    Args:
        path: The networks, written by `nlu.adapting`.
    """
    from safetensors import SafetensorError, safe_open  # type: ignore[attr-defined]

    if not path.is_file():
        return None
    try:
        stream: Any = safe_open(str(path), framework="np")  # type: ignore[no-untyped-call]
        described: Mapping[str, str] = stream.metadata() or {}
        tensors: dict[str, Matrix] = {
            name: stream.get_tensor(name).astype(np.float32)
            for name in stream.keys()  # noqa: SIM118
        }
    except (OSError, SafetensorError) as error:
        logger.warning("%s cannot be read (%s); letters are read clause by clause", path, error)
        return None
    if described.get("encoder") != encoder_hash():
        logger.warning(
            "%s was learned for another encoder; letters are read clause by clause until ./rightline adapt "
            "makes it anew",
            path,
        )
        return None
    return LetterContext(described["labels"].split(), tensors)


@lru_cache(maxsize=1)
def shared_networks() -> LetterContext | None:
    """Return this process's networks, read the first time."""
    return read_networks()
