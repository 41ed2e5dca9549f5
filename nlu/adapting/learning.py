"""Learns an adaptation: several networks, each from its part of the lessons, and the mean of what they learn.

What one network learns by heart of its own texts counts for little in the mean, what all of them learn counts
fully (Wortsman et al., "Model soups", 2022). So the models that are fitted to the same texts afterwards do
not take them for clearer than what is written to them later.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tokenizers import Tokenizer

from nlu.adapting.lessons import TASKS, Lesson
from nlu.adapting.network import Network
from nlu.encoder.graph import WIDTH, Weights

PARTS = 4
RANK = 8
"""Of the additions of each network."""

ROUNDS = 3
"""How often each network reads its part."""

KEPT_RANK = 24
"""Of the mean: 32 would be all of it, and 24 hold 99.9 %."""

TOKENS_AT_MOST = 96
"""Of each text. Letters that were learned whole were taken for clearer than letters are: 105 of 120 untouched
ones were understood, and 111 without."""

_TOKENS_OF_A_STEP = 1024
_RATE = 1e-3
_RATE_OF_HEADS = 1e-2
_WARMING_UP = 0.06
_LAST_RATE = 0.02
_SHARPNESS = 16.0
_SURE = 0.95
_STEPS_BETWEEN_WORDS = 100
_OF_TEXTS = (tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, None), tf.float32))

Matrix = npt.NDArray[np.float32]


def adaptation(
    lessons: Sequence[Lesson], weights: Weights, tokenizer: Tokenizer, say: Callable[[str], None]
) -> dict[str, Matrix]:
    """Learn what to add to the encoder's matrices.

    Args:
        lessons: What to learn from.
        weights: The encoder's own.
        tokenizer: Cuts texts into its tokens.
        say: Told in a line how it goes.

    Returns:
        The additions in the form that `nlu.encoder.adaptation` reads.
    """
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS_AT_MOST)
    learned: list[dict[str, Matrix]] = []
    for part in range(PARTS):
        own = [lesson for lesson in lessons if lesson.part(PARTS) == part]
        say(f"part {part + 1} of {PARTS}: {len(own)} texts")
        network = Network(weights, RANK)
        _Learner(network, own, tokenizer, seed=part).learn(say)
        learned.append(network.additions())
    halves: dict[str, Matrix] = {}
    for name in learned[0]:
        mean = np.mean([additions[name] for additions in learned], axis=0)
        halves[f"{name}.narrow"], halves[f"{name}.wide"] = _halved(mean)
    return halves


def _halved(product: Matrix) -> tuple[Matrix, Matrix]:
    """The two narrow matrices whose product is nearest to a matrix (Eckart and Young, 1936)."""
    left, sizes, right = np.linalg.svd(product, full_matrices=False)
    roots = np.sqrt(sizes[:KEPT_RANK])
    narrow, wide = left[:, :KEPT_RANK] * roots, roots[:, None] * right[:KEPT_RANK]
    return narrow.astype(np.float16), wide.astype(np.float16)


@dataclass(frozen=True)
class _Head:
    """What tells the labels of one task apart, beside the network."""

    task: str
    labels: Sequence[str]
    known: npt.NDArray[np.int32]
    counts: Matrix
    weights: Any
    bias: Any


class _Learner:
    """Changes a network until heads on top of it tell apart what is known of texts."""

    def __init__(self, network: Network, lessons: Sequence[Lesson], tokenizer: Tokenizer, seed: int) -> None:
        self._network = network
        self._chance = random.Random(seed)  # noqa: S311 - the same order of texts each time
        tf.random.set_seed(seed)
        self._tokens = [encoding.ids for encoding in tokenizer.encode_batch([each.text for each in lessons])]
        vectors = self._vectors()
        self._heads = [_head(task, lessons, vectors) for task in TASKS]
        self._slow = tf.keras.optimizers.Adam(_RATE, clipnorm=1.0)
        self._fast = tf.keras.optimizers.Adam(_RATE_OF_HEADS)
        self._of_heads = [variable for head in self._heads for variable in (head.weights, head.bias)]
        self._slow.build(network.variables)
        self._fast.build(self._of_heads)
        of_known = [tf.TensorSpec((None,), tf.int32) for _ in self._heads]
        of_the_rate = tf.TensorSpec((), tf.float32)
        self._step = tf.function(self._steps, input_signature=[*_OF_TEXTS, *of_known, of_the_rate])

    def learn(self, say: Callable[[str], None]) -> None:
        """Read the lessons a few times.

        Args:
            say: Told in a line how it goes.
        """
        order = [batch for _ in range(ROUNDS) for batch in self._batches()]
        losses: list[float] = []
        for step, batch in enumerate(order):
            pace = min(1.0, step / (_WARMING_UP * len(order))) * max(_LAST_RATE, 1.0 - step / len(order))
            known = [tf.constant(head.known[batch]) for head in self._heads]
            losses.append(float(self._step(*self._padded(batch), *known, tf.constant(_RATE * pace))))
            if (step + 1) % _STEPS_BETWEEN_WORDS == 0:
                say(f"  step {step + 1} of {len(order)}, loss {np.mean(losses):.3f}")
                losses.clear()

    def _steps(self, tokens: Any, mask: Any, *rest: Any) -> Any:
        *known, rate = rest
        with tf.GradientTape() as tape:
            vectors = self._network.encode(tokens, mask, learning=True)
            losses = [_loss(head, vectors, right) for head, right in zip(self._heads, known)]  # noqa: B905
            loss = tf.add_n(losses) / tf.cast(tf.shape(tokens)[0], tf.float32)
        variables = self._network.variables
        slopes = tape.gradient(loss, [*variables, *self._of_heads])
        self._slow.learning_rate.assign(rate)
        # TensorFlow compiles this function, and its `zip` knows no `strict`.
        self._slow.apply_gradients(zip(slopes[: len(variables)], variables))  # noqa: B905
        self._fast.apply_gradients(zip(slopes[len(variables) :], self._of_heads))  # noqa: B905
        return loss

    def _vectors(self) -> Matrix:
        encode = tf.function(
            lambda tokens, mask: self._network.encode(tokens, mask, learning=False),
            input_signature=_OF_TEXTS,
        )
        vectors = np.zeros((len(self._tokens), WIDTH), np.float32)
        for batch in self._batches():
            vectors[batch] = encode(*self._padded(batch)).numpy()
        return vectors

    def _batches(self) -> Iterator[list[int]]:
        """Texts of about the same length together, in a random order."""
        lengths = [len(tokens) + 3 * self._chance.random() for tokens in self._tokens]
        batches: list[list[int]] = [[]]
        for position in sorted(range(len(lengths)), key=lengths.__getitem__):
            batches[-1].append(position)
            if len(batches[-1]) * len(self._tokens[position]) >= _TOKENS_OF_A_STEP:
                batches.append([])
        batches = [batch for batch in batches if batch]
        self._chance.shuffle(batches)
        yield from batches

    def _padded(self, batch: Sequence[int]) -> tuple[Any, Any]:
        longest = max(len(self._tokens[position]) for position in batch)
        tokens = np.zeros((len(batch), longest), np.int32)
        mask = np.zeros((len(batch), longest), np.float32)
        for row, position in enumerate(batch):
            cut = self._tokens[position]
            tokens[row, : len(cut)] = cut
            mask[row, : len(cut)] = 1.0
        return tf.constant(tokens), tf.constant(mask)


def _head(task: str, lessons: Sequence[Lesson], vectors: Matrix) -> _Head:
    """Begin with the middle of each label's texts, as they are encoded before anything is learned."""
    labels = sorted({lesson.labels[task] for lesson in lessons if task in lesson.labels})
    number: Mapping[str | None, int] = {label: position for position, label in enumerate(labels)}
    known = np.array([number.get(lesson.labels.get(task), -1) for lesson in lessons], np.int32)
    middles = np.stack([vectors[known == position].mean(axis=0) for position in range(len(labels))])
    many = np.bincount(known[known >= 0], minlength=len(labels)).astype(np.float32)
    rare = many**-0.5
    counts = TASKS[task] * rare * many.sum() / (rare * many).sum()
    middles = (middles - middles.mean(axis=0)).T
    return _Head(
        task, labels, known, counts, tf.Variable(middles), tf.Variable(np.zeros(len(labels), np.float32))
    )


def _loss(head: _Head, vectors: Any, known: Any) -> Any:
    """How far a head is from what is known of texts, -1 where nothing is; rare labels count more."""
    there, right = tf.cast(known >= 0, tf.float32), tf.maximum(known, 0)
    wanted = tf.one_hot(right, len(head.labels)) * _SURE + (1.0 - _SURE) / len(head.labels)
    scores = _SHARPNESS * (vectors @ head.weights) + head.bias
    losses = tf.nn.softmax_cross_entropy_with_logits(wanted, scores)
    return tf.reduce_sum(losses * there * tf.gather(tf.constant(head.counts), right))
