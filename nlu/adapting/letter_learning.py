"""Learns what the clauses of a letter ask for, read beside each other (`nlu.requests.letter_context`).

The vectors of the clauses come from the encoder as it is converted, and stay as they are: only the small
networks over them learn. Several do, from the same letters in another order, and the mean of what they say
counts.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from nlu.requests.letter_context import NOTHING
from nlu.requests.letter_networks import BLOCKS, FLAGS, HEADS, LOUDER, VECTOR, shapes

NETWORKS = 3
WIDTH = 192
ROUNDS = 16
"""How often each network reads the letters."""

LETTERS_OF_A_STEP = 32
EXAMPLES_OF_A_STEP = 128
EXAMPLES_SHARE = 0.3
"""How many of the single examples a round has besides, that the networks know more than letters' words."""

_RATE = 1e-3
_LAST_RATE = 0.02
_DROPOUT = 0.3
_DROPOUT_BESIDE = 0.1
_NOISE = 0.01
"""Added to each number of a vector, lest texts be learned by heart."""

_SURE = 0.93
_NOTHING_COUNTS = 0.6
_WHOLE_COUNTS = 1.0
"""How much the place of the whole letter counts, which learns all that its clauses ask for. It is not read
later; with it, 776 of 839 letters were right and without 771, which may be chance."""

_STEPS_BETWEEN_WORDS = 400
_FAR_BELOW = -1e9
_EPSILON = 1e-5

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sequenced:
    """A letter as the networks read it.

    Attributes:
        vectors: of the whole, then of each clause.
        flags: the same number of rows, as `flags_of` returns them.
        labels: what each clause asks for, or `NOTHING`.
    """

    vectors: Matrix
    flags: Matrix
    labels: tuple[str, ...]


def networks(
    letters: Sequence[Sequenced], examples: Sequence[Sequenced], say: Callable[[str], None]
) -> tuple[list[str], list[dict[str, Matrix]]]:
    """Learn.

    Args:
        letters: Letters and messages of several clauses.
        examples: Single requests, each a letter of one clause.
        say: Told in a line how it goes.

    Returns:
        The labels, and the weights of each network.
    """
    found = {label for letter in letters for label in letter.labels} - {NOTHING}
    labels = [NOTHING, *sorted(found)]
    known = [each for each in examples if set(each.labels) <= set(labels)]
    learned = []
    for number in range(NETWORKS):
        say(f"letters, network {number + 1} of {NETWORKS}: {len(letters)} letters, {len(known)} examples")
        learner = _Learner(labels, seed=number)
        learner.learn(letters, known, say)
        learned.append(learner.weights())
    return labels, learned


class _Learner:
    def __init__(self, labels: Sequence[str], seed: int) -> None:
        self._number = {label: position for position, label in enumerate(labels)}
        self._chance = random.Random(seed)  # noqa: S311 - the same order of letters each time
        self._drawn = np.random.default_rng(seed)
        tf.random.set_seed(seed)
        every = shapes(len(labels), WIDTH).items()
        self._weights = {name: tf.Variable(self._first(name, shape)) for name, shape in every}
        self._adam = tf.keras.optimizers.Adam(_RATE)
        self._adam.build(list(self._weights.values()))
        self._step = tf.function(
            self._steps,
            input_signature=[
                tf.TensorSpec((None, None, VECTOR), tf.float32),
                tf.TensorSpec((None, None, FLAGS), tf.float32),
                tf.TensorSpec((None, None), tf.float32),
                tf.TensorSpec((None, None, len(labels)), tf.float32),
                tf.TensorSpec((None, None), tf.float32),
                tf.TensorSpec((), tf.float32),
            ],
        )

    def weights(self) -> dict[str, Matrix]:
        return {name: variable.numpy().astype(np.float16) for name, variable in self._weights.items()}

    def learn(
        self, letters: Sequence[Sequenced], examples: Sequence[Sequenced], say: Callable[[str], None]
    ) -> None:
        rounds = [batch for _ in range(ROUNDS) for batch in self._round(letters, examples)]
        losses: list[float] = []
        for step, batch in enumerate(rounds):
            pace = max(_LAST_RATE, 1.0 - step / len(rounds))
            losses.append(float(self._step(*self._padded(batch), tf.constant(_RATE * pace))))
            if (step + 1) % _STEPS_BETWEEN_WORDS == 0:
                say(f"  step {step + 1} of {len(rounds)}, loss {np.mean(losses):.3f}")
                losses.clear()

    def _first(self, name: str, shape: tuple[int, ...]) -> Matrix:
        if name.endswith(".scale"):
            return np.ones(shape, np.float32)
        if len(shape) == 1:
            return np.zeros(shape, np.float32)
        spread = 0.05 if name == "positions" else np.sqrt(6.0 / sum(shape))
        return self._drawn.uniform(-spread, spread, shape).astype(np.float32)

    def _round(
        self, letters: Sequence[Sequenced], examples: Sequence[Sequenced]
    ) -> Iterator[Sequence[Sequenced]]:
        order = sorted(letters, key=lambda letter: len(letter.labels) + 2 * self._chance.random())
        some = self._chance.sample(list(examples), int(EXAMPLES_SHARE * len(examples)))
        batches = [
            each[start : start + size]
            for each, size in ((order, LETTERS_OF_A_STEP), (some, EXAMPLES_OF_A_STEP))
            for start in range(0, len(each), size)
        ]
        self._chance.shuffle(batches)
        yield from batches

    def _padded(self, batch: Sequence[Sequenced]) -> tuple[Any, ...]:
        longest = max(len(each.vectors) for each in batch)
        vectors = np.zeros((len(batch), longest, VECTOR), np.float32)
        flags = np.zeros((len(batch), longest, FLAGS), np.float32)
        there = np.zeros((len(batch), longest), np.float32)
        wanted = np.zeros((len(batch), longest, len(self._number)), np.float32)
        counts = np.zeros((len(batch), longest), np.float32)
        for row, each in enumerate(batch):
            places = len(each.vectors)
            vectors[row, :places], flags[row, :places], there[row, :places] = each.vectors, each.flags, 1.0
            numbers = [self._number[label] for label in each.labels]
            wanted[row, range(1, places), numbers] = 1.0
            counts[row, 1:places] = [1.0 if number else _NOTHING_COUNTS for number in numbers]
            asked = sorted(set(numbers) - {0})
            if asked:
                wanted[row, 0, asked] = 1.0 / len(asked)
                counts[row, 0] = _WHOLE_COUNTS
        vectors += _NOISE * self._drawn.standard_normal(vectors.shape).astype(np.float32)
        return tuple(map(tf.constant, (vectors, flags, there, wanted, counts)))

    def _steps(self, vectors: Any, flags: Any, there: Any, wanted: Any, counts: Any, rate: Any) -> Any:
        variables = list(self._weights.values())
        with tf.GradientTape() as tape:
            scores = scores_of(self._weights, vectors, flags, there, learning=True)
            soft = wanted * _SURE + (1.0 - _SURE) / len(self._number)
            losses = tf.nn.softmax_cross_entropy_with_logits(soft, scores)
            loss = tf.reduce_sum(losses * counts) / tf.reduce_sum(counts)
        self._adam.learning_rate.assign(rate)
        # TensorFlow compiles this function, and its `zip` knows no `strict`.
        self._adam.apply_gradients(zip(tape.gradient(loss, variables), variables))  # noqa: B905
        return loss


def scores_of(weights: Mapping[str, Any], vectors: Any, flags: Any, there: Any, *, learning: bool) -> Any:
    """The sums of `nlu.requests.letter_networks`, for many letters at once.

    Args:
        weights: Of the network.
        vectors: Letters × places × 384.
        flags: Letters × places × flags.
        there: Letters × places, 1 where there is one and 0 where there is none.
        learning: Whether parts are left out at random.
    """

    def dropped(values: Any, share: float) -> Any:
        return tf.nn.dropout(values, share) if learning else values

    loud = vectors * LOUDER
    hidden = tf.concat([loud, flags], axis=-1) @ weights["in.weight"] + weights["in.bias"]
    hidden = _normed(hidden + weights["positions"][: tf.shape(vectors)[1]], weights, "in")
    hidden = dropped(hidden, _DROPOUT)
    hidden_from = (1.0 - there)[:, None, None, :] * _FAR_BELOW
    for block in range(BLOCKS):
        seen = _seen(hidden, hidden_from, weights, block)
        hidden = _normed(hidden + dropped(seen, _DROPOUT), weights, f"{block}.seen")
        wide = hidden @ weights[f"{block}.wide.weight"] + weights[f"{block}.wide.bias"]
        wide = tf.nn.gelu(wide, approximate=True)
        narrow = wide @ weights[f"{block}.narrow.weight"] + weights[f"{block}.narrow.bias"]
        hidden = _normed(hidden + dropped(narrow, _DROPOUT), weights, f"{block}.done")
    beside = dropped(loud, _DROPOUT_BESIDE) @ weights["beside.weight"]
    return hidden @ weights["out.weight"] + beside + weights["out.bias"]


def _seen(hidden: Any, hidden_from: Any, weights: Mapping[str, Any], block: int) -> Any:
    shape = tf.shape(hidden)
    product = hidden @ weights[f"{block}.attention.weight"] + weights[f"{block}.attention.bias"]
    split = tf.reshape(product, (shape[0], shape[1], 3, HEADS, WIDTH // HEADS))
    query, key, value = tf.unstack(tf.transpose(split, (2, 0, 3, 1, 4)))
    likeness = tf.matmul(query, key, transpose_b=True) / np.sqrt(WIDTH // HEADS)
    together = tf.transpose(tf.nn.softmax(likeness + hidden_from) @ value, (0, 2, 1, 3))
    together = tf.reshape(together, (shape[0], shape[1], WIDTH))
    return together @ weights[f"{block}.out.weight"] + weights[f"{block}.out.bias"]


def _normed(values: Any, weights: Mapping[str, Any], name: str) -> Any:
    mean, variance = tf.nn.moments(values, axes=-1, keepdims=True)
    return (values - mean) * tf.math.rsqrt(variance + _EPSILON) * weights[f"{name}.scale"] + weights[
        f"{name}.shift"
    ]
