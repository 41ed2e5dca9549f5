"""What a training will ask for is encoded while something else is learned."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nlu.encoder.ahead import TOGETHER, EncodedAhead
from nlu.encoder.kept import KeptVectors, Vector

PATIENCE = 10.0


class Slow:
    """Encodes each text as the number in it, once it may."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.began = threading.Event()
        self.given: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vector:
        self.began.set()
        assert self.may.wait(PATIENCE)
        self.given.extend(texts)
        return np.array([[float(text)] for text in texts], dtype=np.float32)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def ahead(slow: Slow) -> EncodedAhead:
    return EncodedAhead(slow, 1)


def test_texts_are_encoded_before_they_are_asked_for(slow: Slow, ahead: EncodedAhead) -> None:
    ahead.begin(["1", "2", "1"])

    assert slow.began.wait(PATIENCE), "nobody has asked yet"
    slow.may.set()
    assert ahead.take(["2", "1", "2"])[:, 0].tolist() == [2.0, 1.0, 2.0]
    assert slow.given == ["1", "2"], "each once"


def test_what_was_not_begun_with_is_encoded_when_it_is_asked_for(slow: Slow, ahead: EncodedAhead) -> None:
    slow.may.set()
    ahead.begin(["1"])

    assert ahead.take(["3", "1"])[:, 0].tolist() == [3.0, 1.0]
    assert sorted(slow.given) == ["1", "3"]


def test_many_texts_keep_their_places(slow: Slow, ahead: EncodedAhead) -> None:
    slow.may.set()
    numbers = [str(number) for number in range(2 * TOGETHER + 7)]
    ahead.begin(numbers)

    assert ahead.take(numbers[::-1])[:, 0].tolist() == [float(number) for number in numbers[::-1]]


def test_what_is_dropped_is_not_encoded(slow: Slow, ahead: EncodedAhead) -> None:
    numbers = [str(number) for number in range(3 * TOGETHER)]
    ahead.begin(numbers)
    assert slow.began.wait(PATIENCE)

    ahead.drop()
    slow.may.set()

    assert ahead.take(["7"])[:, 0].tolist() == [7.0], "it may be asked for again"
    assert slow.given == [*numbers[:TOGETHER], "7"], "but for the part that was under way"


def test_what_is_kept_is_not_lacking(tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path / "vectors.npz")
    kept.encode_all(["1", "2"], lambda texts: np.ones((len(texts), 1), dtype=np.float32))
    assert kept.lacking(["3", "1", "3"]) == ["3"]

    kept.write()
    assert KeptVectors(tmp_path / "vectors.npz").lacking(["2", "4"]) == ["4"]
