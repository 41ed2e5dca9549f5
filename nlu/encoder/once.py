"""Encodes each text once, however many models learn from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]


class EncodesAll(Protocol):
    """What gives the vectors of many texts."""

    def encode_all(self, texts: Sequence[str]) -> Vector:
        """Encode texts, one row a text, in the given order."""


class Prepares(EncodesAll, Protocol):
    """What gives the vectors of many texts, and may begin with them before they are needed."""

    def prepare(self, texts: Sequence[str]) -> None:
        """Begin to encode texts that will be asked for in this order."""


class EncodedOnce:
    """An encoder that keeps every vector, for as long as a fit takes."""

    def __init__(self, encoder: EncodesAll, known: Iterable[tuple[str, Vector]] = ()) -> None:
        """Begin with the vectors that are there.

        Args:
            encoder: What encodes the rest.
            known: Texts with their vectors.
        """
        self._encoder = encoder
        self._known = dict(known)

    def encode_all(self, texts: Sequence[str]) -> Vector:
        """Encode texts, those that are new in one run.

        Returns:
            One row a text, in the given order.
        """
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._encoder.encode_all(new), strict=True))
        rows = [self._known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, 0), dtype=np.float32)
