"""Vectors of the texts that were trained on, kept beside the converted encoder.

The next training encodes only what is new: half of a training's time is encoding, and an author changes a few
examples of twenty thousand.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]

KEY_BYTES = 16


class KeptVectors:
    """The vectors of one encoder, by what a hash makes of their texts; no text is in the file."""

    def __init__(self, path: Path) -> None:
        """Begin with those of the last training, if any.

        Args:
            path: The file; one that cannot be read counts as none, and is written anew.
        """
        self._path = path
        self._used: dict[bytes, Vector] = {}
        self._known = _read(path)

    def encode_all(self, texts: Sequence[str], encode: Callable[[Sequence[str]], Vector]) -> Vector:
        """Return the vectors of texts, one row a text, in the given order.

        Args:
            texts: At least one.
            encode: What encodes those that are new.
        """
        keys = [_key(text) for text in texts]
        new = {
            key: text
            for key, text in zip(keys, texts, strict=True)
            if key not in self._known and key not in self._used
        }
        if new:
            self._used.update(zip(new, encode(list(new.values())), strict=True))
        for key in keys:
            if key not in self._used:
                self._used[key] = self._known[key]
        return np.stack([self._used[key] for key in keys])

    def lacking(self, texts: Sequence[str]) -> list[str]:
        """Return those of some texts whose vectors are not here, each once."""
        return [
            text
            for text in dict.fromkeys(texts)
            if (key := _key(text)) not in self._known and key not in self._used
        ]

    def write(self) -> None:
        """Keep what was asked for since the beginning, and nothing else: what is no example any more goes."""
        if not self._used or self._used.keys() == self._known.keys():
            return
        scratch = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with scratch.open("wb") as stream:
            np.savez(
                stream,
                keys=np.frombuffer(b"".join(self._used), dtype=np.uint8).reshape(-1, KEY_BYTES),
                vectors=np.stack(list(self._used.values())),
            )
        scratch.replace(self._path)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=KEY_BYTES).digest()


def _read(path: Path) -> dict[bytes, Vector]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            keys, vectors = arrays["keys"], arrays["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if keys.ndim != 2 or keys.shape[1] != KEY_BYTES or len(keys) != len(vectors):
        return {}
    return dict(zip(map(bytes, keys), vectors, strict=True))
