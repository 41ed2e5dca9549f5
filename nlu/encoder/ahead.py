"""Encodes many texts before they are asked for, while something else is learned on the main thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]

TOGETHER = 50
"""So many texts are handed to a thread at once."""


class EncodedAhead:
    """Vectors that are being made, each until it is taken."""

    def __init__(self, encode: Callable[[Sequence[str]], Vector], threads: int) -> None:
        """Prepare.

        Args:
            encode: Encodes a few texts, one row each.
            threads: How many encode at the same time.
        """
        self._encode = encode
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="encoder")
        self._places: dict[str, tuple[Future[Vector], int]] = {}

    def begin(self, texts: Sequence[str]) -> None:
        """Begin to encode texts, after those that were begun with before."""
        new = [text for text in dict.fromkeys(texts) if text not in self._places]
        for start in range(0, len(new), TOGETHER):
            part = new[start : start + TOGETHER]
            vectors = self._threads.submit(self._encode, part)
            self._places.update((text, (vectors, row)) for row, text in enumerate(part))

    def take(self, texts: Sequence[str]) -> Vector:
        """Return the vectors of texts, one row each, in the given order, and keep them no longer.

        Args:
            texts: At least one; those that were not begun with are encoded last.
        """
        self.begin(texts)
        places = [self._places[text] for text in texts]
        for text in texts:
            self._places.pop(text, None)
        return np.stack([vectors.result()[row] for vectors, row in places])

    def drop(self) -> None:
        """Encode nothing more of what nobody has taken."""
        for vectors, _ in self._places.values():
            vectors.cancel()
        self._places.clear()
