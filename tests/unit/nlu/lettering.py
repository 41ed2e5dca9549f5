"""Run by the engine's Python: what reads the clauses of a letter beside each other, learning and reading.

The output is JSON. With `learn` after it, a few letters are learned from nothing, too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from nlu.requests import letter_context
from nlu.requests.clauses import Clause
from nlu.requests.interfaces import Part
from nlu.requests.letter_context import NOTHING, LetterContext, flags_of, read_networks

PLACES = 9


def main() -> None:
    folder = Path(sys.argv[1])
    context = read_networks()
    assert context is not None, "the project's networks do not fit its encoder: run ./rightline adapt"
    found = {
        "labels": list(context.labels),
        "networks": len(context.networks["in.bias"]),
        "missing": read_networks(folder / "none.safetensors") is None,
        "broken": _refused(folder / "broken.safetensors", b"not tensors"),
    }
    if "learn" in sys.argv:
        found |= {"apart": _apart(context), "learned": _learned()}
    json.dump(found, sys.stdout)


def _refused(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    return read_networks(path) is None


def _apart(context: LetterContext) -> float:
    """How far what is read is from the same sums of what learns, for a letter padded beside a longer one."""
    import tensorflow as tf

    from nlu.adapting.letter_learning import scores_of

    drawn = np.random.default_rng(3)
    vectors = drawn.standard_normal((2, PLACES, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    flags = np.stack([_flags(PLACES - 1), _flags(PLACES - 1)])
    there = np.ones((2, PLACES), np.float32)
    there[0, 5:] = 0.0
    weights = {name: each[:1] for name, each in context.networks.items()}
    first = {name: each[0] for name, each in weights.items()}
    scores = scores_of(first, *map(tf.constant, (vectors, flags, there)), learning=False)
    together = tf.nn.softmax(scores).numpy()
    alone = letter_context.probabilities(weights, vectors[0, :5], flags[0, :5])
    longer = letter_context.probabilities(weights, vectors[1], flags[1])
    return float(max(np.abs(together[0, :5] - alone).max(), np.abs(together[1] - longer).max()))


def _learned() -> dict[str, float]:
    """Learn that the same clause asks after one clause, and only tells after another."""
    from nlu.adapting import letter_learning
    from nlu.adapting.letter_learning import Sequenced, networks

    letter_learning.NETWORKS, letter_learning.ROUNDS = 1, 60
    drawn = np.random.default_rng(4)
    asks, told, request, whole = (one / np.linalg.norm(one) for one in drawn.standard_normal((4, 384)))
    letters = []
    for before, label in ((asks, "erase"), (told, NOTHING)):
        vectors = np.stack([whole, before, request]).astype(np.float32)
        letters += [Sequenced(vectors, _flags(2), (NOTHING, label))] * 48
    examples = [Sequenced(np.stack([request, request]).astype(np.float32), _flags(1), ("erase",))] * 8
    labels, weights = networks(letters, examples, lambda line: None)
    learned = {name: each[None].astype(np.float32) for name, each in weights[0].items()}
    shares = [
        letter_context.probabilities(learned, letter.vectors, letter.flags)[2]
        for letter in (letters[0], letters[-1])
    ]
    return {"asked": float(shares[0][labels.index("erase")]), "told": float(shares[1][labels.index("erase")])}


def _flags(clauses: int) -> letter_context.Matrix:
    return flags_of([Part(Clause("a clause", number), {}, {}) for number in range(clauses)])


if __name__ == "__main__":
    main()
