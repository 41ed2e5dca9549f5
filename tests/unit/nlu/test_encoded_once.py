"""Each text is encoded once, however many models learn from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlu.encoder.once import EncodedOnce, Vector

WIDTH = 384


class Counting:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode_all(self, texts: Sequence[str]) -> Vector:
        self.seen.extend(texts)
        return np.array([[len(text)] * WIDTH for text in texts], dtype=np.float32).reshape(-1, WIDTH)


def test_what_is_known_is_not_encoded_again() -> None:
    encoder = Counting()
    once = EncodedOnce(encoder, [("known", np.ones(WIDTH, dtype=np.float32))])

    first = once.encode_all(["new", "known", "new", "newer"])
    again = once.encode_all(["newer", "new"])

    assert encoder.seen == ["new", "newer"]
    assert first[:, 0].tolist() == [3.0, 1.0, 3.0, 5.0]
    assert again[:, 0].tolist() == [5.0, 3.0]


def test_no_texts_have_no_vectors() -> None:
    assert EncodedOnce(Counting()).encode_all([]).shape[0] == 0
