"""Run by the engine's Python: what reads the clauses of a letter beside each other, learning and reading.

The output is JSON. With `learn` after it, a few letters are learned from nothing, too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from nlu.requests.clauses import Clause
from nlu.requests.letter_context import LETTERS, NOTHING, flags_of, read_networks
from nlu.requests.letter_networks import LetterNetworks, Matrix

PLACES = 9


def main() -> None:
    folder = Path(sys.argv[1])
    context = read_networks()
    assert context is not None, "the project's networks do not fit its encoder: run ./rightline adapt"
    found = {
        "labels": list(context.labels),
        "networks": len(_weights()["in.bias"]),
        "read": _read(),
        "missing": read_networks(folder / "none.safetensors") is None,
        "broken": _refused(folder / "broken.safetensors", b"not tensors"),
    }
    if "learn" in sys.argv:
        found |= {"apart": _apart(), "learned": _learned()}
    json.dump(found, sys.stdout)


def _refused(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    return read_networks(path) is None


def _weights() -> dict[str, Matrix]:
    return {name: each.astype(np.float32) for name, each in load_file(str(LETTERS)).items()}


def _read() -> dict[str, float]:
    """What the rows of a letter add up to, and how far one is from itself where two others change places."""
    networks = LetterNetworks(_weights())
    vectors = np.random.default_rng(5).standard_normal((4, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    flags = _flags(3)
    shares, other = networks(vectors, flags), networks(vectors[[0, 2, 1, 3]], flags)
    sums = shares.sum(axis=1)
    return {
        "least": float(sums.min()),
        "most": float(sums.max()),
        "moved": float(np.abs(shares - other)[3].max()),
    }


def _apart() -> float:
    """How far what is read is from the same sums of what learns, for a letter padded beside a longer one."""
    import tensorflow as tf

    from nlu.adapting.letter_learning import scores_of

    drawn = np.random.default_rng(3)
    vectors = drawn.standard_normal((2, PLACES, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    flags = np.stack([_flags(PLACES - 1), _flags(PLACES - 1)])
    there = np.ones((2, PLACES), np.float32)
    there[0, 5:] = 0.0
    weights = {name: each[:1] for name, each in _weights().items()}
    first = {name: each[0] for name, each in weights.items()}
    scores = scores_of(first, *map(tf.constant, (vectors, flags, there)), learning=False)
    together = tf.nn.softmax(scores).numpy()
    alone = LetterNetworks(weights)(vectors[0, :5], flags[0, :5])
    longer = LetterNetworks(weights)(vectors[1], flags[1])
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
        LetterNetworks(learned)(letter.vectors, letter.flags)[2] for letter in (letters[0], letters[-1])
    ]
    return {"asked": float(shares[0][labels.index("erase")]), "told": float(shares[1][labels.index("erase")])}


def _flags(clauses: int) -> Matrix:
    return flags_of([Clause("a clause", number) for number in range(clauses)])


if __name__ == "__main__":
    main()
