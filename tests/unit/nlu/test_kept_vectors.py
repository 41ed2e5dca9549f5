"""What was encoded for the same encoder is not encoded again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from nlu.encoder.kept import KeptVectors, Vector


def _counting(asked: list[str]) -> Callable[[Sequence[str]], Vector]:
    def encode(texts: Sequence[str]) -> Vector:
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    return encode


def _trained(path: Path, *texts: str) -> tuple[list[str], Vector]:
    asked: list[str] = []
    kept = KeptVectors(path)
    vectors = kept.encode_all(texts, _counting(asked))
    kept.write()
    return asked, vectors


def test_only_what_is_new_is_encoded_and_each_row_is_its_texts(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    first, _ = _trained(path, "delete me", "what do you hold", "delete me")

    second, vectors = _trained(path, "what do you hold", "stop", "delete me")

    assert first == ["delete me", "what do you hold"], "the same text once"
    assert second == ["stop"]
    assert vectors.tolist() == [[16.0, 1.0], [4.0, 1.0], [9.0, 1.0]]


def test_what_is_no_example_any_more_is_kept_no_longer(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    _trained(path, "delete me", "stop")
    _trained(path, "stop")

    assert _trained(path, "delete me")[0] == ["delete me"]


def test_no_text_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    _trained(path, "what do you hold about me")

    assert b"what do you hold" not in path.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["vectors.npz"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
def test_a_file_that_cannot_be_read_is_written_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(content)

    assert _trained(path, "stop")[0] == ["stop"]
    assert _trained(path, "stop")[0] == []


def test_a_file_of_another_shape_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    np.savez(path, keys=np.zeros((3, 16), np.uint8), vectors=np.zeros((2, 2), np.float32))

    assert _trained(path, "stop")[0] == ["stop"]
