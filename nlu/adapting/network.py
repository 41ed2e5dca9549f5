"""The encoder as a network that can learn: its own weights fixed, a narrow addition beside each matrix.

The same sums as `nlu.encoder.graph`, in 32 bits (Devlin et al., "BERT", 2019). The additions are products of
two narrow matrices (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021), at first zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from nlu.encoder.graph import HEADS, LAYER_NORM_EPSILON, LAYERS, WIDTH, Weights

DROPOUT = 0.1
"""The share of an addition's inputs that it does without in each step, lest it learn texts by heart."""

_FAR_BELOW = -1e9
_FIRST_HALVES = 1
"""What the first halves of the additions are drawn with: the same for every network, so that what each learns
is written in the same directions, and the mean of several is not a blur."""


class Network:
    """Encodes batches of texts, and learns to encode them otherwise."""

    def __init__(self, weights: Weights, rank: int) -> None:
        """Begin with the encoder as it is.

        Args:
            weights: The tensors of the checkpoint by their names in it.
            rank: How narrow the additions are.
        """
        self._weights = {name: tf.constant(array, tf.float32) for name, array in weights.items()}
        segment = self._weights["embeddings.token_type_embeddings.weight"][0]
        self._positions = self._weights["embeddings.position_embeddings.weight"] + segment
        self._matrices = [name for layer in range(LAYERS) for name in _matrices(layer)]
        chance = np.random.default_rng(_FIRST_HALVES)
        self._transposed = {name: tf.constant(weights[f"{name}.weight"].T) for name in self._matrices}
        self._narrow, self._wide = {}, {}
        for name in self._matrices:
            outputs, inputs = weights[f"{name}.weight"].shape
            drawn = chance.standard_normal((inputs, rank)) / np.sqrt(inputs)
            self._narrow[name] = tf.Variable(drawn.astype(np.float32))
            self._wide[name] = tf.Variable(np.zeros((rank, outputs), np.float32))

    @property
    def variables(self) -> list[Any]:
        """What it learns."""
        return [*self._narrow.values(), *self._wide.values()]

    def encode(self, tokens: Any, mask: Any, *, learning: bool) -> Any:
        """Return the vectors of texts, of length 1.

        Args:
            tokens: Texts × tokens, whole numbers.
            mask: The same shape, 1 where there is a token and 0 where there is none.
            learning: Whether parts of the additions are left out at random.
        """
        hidden = tf.gather(self._weights["embeddings.word_embeddings.weight"], tokens)
        hidden = self._normed(hidden + self._positions[: tf.shape(tokens)[1]], "embeddings.LayerNorm")
        hidden_from = (1.0 - mask)[:, None, None, :] * _FAR_BELOW
        for layer in range(LAYERS):
            hidden = self._block(hidden, hidden_from, layer, learning)
        return tf.math.l2_normalize(tf.reduce_sum(hidden * mask[:, :, None], axis=1), axis=-1)

    def additions(self) -> dict[str, Any]:
        """Return what it learned, both halves multiplied (inputs × outputs), by the name of the matrix."""
        return {name: (self._narrow[name] @ self._wide[name]).numpy() for name in self._matrices}

    def _block(self, hidden: Any, hidden_from: Any, layer: int, learning: bool) -> Any:
        query, key, value, out, widen, narrow = _matrices(layer)
        shape = tf.shape(hidden)

        def by_head(name: str) -> Any:
            split = tf.reshape(self._product(hidden, name, learning), (shape[0], shape[1], HEADS, -1))
            return tf.transpose(split, (0, 2, 1, 3))

        likeness = tf.matmul(by_head(query), by_head(key), transpose_b=True) / np.sqrt(WIDTH / HEADS)
        seen = tf.nn.softmax(likeness + hidden_from) @ by_head(value)
        seen = tf.reshape(tf.transpose(seen, (0, 2, 1, 3)), (shape[0], shape[1], WIDTH))
        attended = self._normed(hidden + self._product(seen, out, learning), _norm_after(out))
        wide = tf.nn.gelu(self._product(attended, widen, learning), approximate=False)
        return self._normed(attended + self._product(wide, narrow, learning), _norm_after(narrow))

    def _product(self, inward: Any, name: str, learning: bool) -> Any:
        dropped = tf.nn.dropout(inward, DROPOUT) if learning else inward
        addition = (dropped @ self._narrow[name]) @ self._wide[name]
        return inward @ self._transposed[name] + addition + self._weights[f"{name}.bias"]

    def _normed(self, hidden: Any, name: str) -> Any:
        mean, variance = tf.nn.moments(hidden, axes=-1, keepdims=True)
        scaled = (hidden - mean) * tf.math.rsqrt(variance + LAYER_NORM_EPSILON)
        return scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _matrices(layer: int) -> tuple[str, ...]:
    block = f"encoder.layer.{layer}"
    attention = [f"{block}.attention.self.{part}" for part in ("query", "key", "value")]
    dense = [f"{block}.{part}.dense" for part in ("attention.output", "intermediate", "output")]
    return (*attention, *dense)


def _norm_after(matrix: str) -> str:
    return matrix.removesuffix("dense") + "LayerNorm"
