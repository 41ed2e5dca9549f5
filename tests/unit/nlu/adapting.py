"""Run by the engine's Python: adapts the encoder to a few texts, and says what came of it.

The output is JSON: how near the vectors of the network that learns are to those of the encoder's graph, and
how near texts of one label and of two are to each other before and after.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import tensorflow as tf
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from nlu.adapting import learning
from nlu.adapting.lessons import TASKS, Lesson
from nlu.adapting.network import Network
from nlu.encoder.adaptation import adapted
from nlu.encoder.graph import build
from nlu.encoder.package import packaged_files

THINGS = (
    "my name",
    "my number",
    "my file",
    "my record",
    "my address",
    "our account",
    "the profile",
    "my card",
)
LABELS = {"erase": "do away with {} for good", "keep": "do not do away with {} at all"}


def main() -> None:
    files = packaged_files()
    weights = load_file(str(files.weights))
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    texts = [(sentence.format(thing), label) for label, sentence in LABELS.items() for thing in THINGS]
    lessons = [Lesson(text, dict.fromkeys(TASKS, label), text) for text, label in texts for _ in range(8)]
    learning.PARTS, learning.ROUNDS = 1, 12
    learned = learning.adaptation(lessons, weights, tokenizer, lambda line: None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "learned.safetensors"
        save_file(learned, str(path))
        after = encoded(build(adapted(weights, path)), tokenizer, [text for text, _ in texts])
    before = encoded(build(weights), tokenizer, [text for text, _ in texts])
    half = len(THINGS)
    json.dump(
        {
            "alike": [float(cosine) for cosine in alike(weights, tokenizer, texts[0][0])],
            "apart_before": float((before[:half] @ before[half:].T).mean()),
            "apart_after": float((after[:half] @ after[half:].T).mean()),
            "together_after": float((after[:half] @ after[:half].T).mean()),
            "rank": max(array.shape[1] for name, array in learned.items() if name.endswith("narrow")),
        },
        sys.stdout,
    )


def encoded(model: object, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    vectors = []
    for text in texts:
        tokens = np.array([tokenizer.encode(text).ids], np.int32)
        vectors.append(
            session.run(["embedding"], {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})[0][0]
        )
    return np.stack(vectors)


def alike(weights: dict[str, np.ndarray], tokenizer: Tokenizer, text: str) -> list[float]:
    """The network's vector against the graph's, alone and beside padding."""
    (exact,) = encoded(build(weights), tokenizer, [text])
    ids = tokenizer.encode(text).ids
    found = []
    for padding in (0, 7):
        tokens = np.array([ids + [0] * padding], np.int32)
        mask = np.array([[1.0] * len(ids) + [0.0] * padding], np.float32)
        network = Network(weights, rank=2)
        vector = network.encode(tf.constant(tokens), tf.constant(mask), learning=False).numpy()[0]
        found.append(vector @ exact)
    return found


if __name__ == "__main__":
    main()
