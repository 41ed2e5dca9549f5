"""What the clauses of a letter ask for, each read beside the others.

A clause read alone does not say whether it tells of an earlier request, goes on with the one before it, or
makes one. Networks over the vectors of its clauses (`nlu.requests.letter_networks`), learned once with
`nlu.adapting` from marked letters and kept in `data/encoder`, tell that. Half of what is made of a clause
goes by them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlu.encoder.beside import shared_thread
from nlu.encoder.conversion import encoder_hash
from nlu.home import PROJECT
from nlu.requests.clauses import Clause
from nlu.requests.interfaces import Part

LETTERS = PROJECT / "data" / "encoder" / "letters.safetensors"

NOTHING = "-"
"""The label of a clause that asks for nothing."""

SHARE = 0.5
"""How much of what is made of a clause goes by the others: of 0.3, 0.5 and 0.7 the best for the development
set."""

LEAST = 1e-3
"""How likely an intent is at least, that the rest may still speak for it."""

Matrix = npt.NDArray[np.float32]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LetterContext:
    """Networks that read the clauses of a letter beside each other.

    Attributes:
        labels: What a clause may ask for, `NOTHING` first.
        networks: Say how likely each place has each label, by the vector of the whole letter and of each
            clause, and by what `flags_of` returns.
    """

    labels: Sequence[str]
    networks: Callable[[Matrix, Matrix], Matrix]

    def begin(self, clauses: Sequence[Clause], vectors: Matrix) -> Callable[[Sequence[Part]], list[Part]]:
        """Begin to read the clauses of a letter beside each other, on the thread beside.

        Args:
            clauses: Its clauses.
            vectors: The vector of the letter, made of theirs (`nlu.requests.vectors`), then of each.

        Returns:
            What gives, for the clauses as they are read alone, the same as they are read beside each other.
        """
        shares = shared_thread().begin(partial(self.networks, vectors, flags_of(clauses)))

        def informed(parts: Sequence[Part]) -> list[Part]:
            asks_for = shares.result()[1:].tolist()
            return [self._informed(part, row) for part, row in zip(parts, asks_for, strict=True)]

        return informed

    def _informed(self, part: Part, row: Sequence[float]) -> Part:
        said = dict(zip(self.labels, row, strict=True))
        asks = max(LEAST, 1.0 - said.pop(NOTHING))
        both = {
            intent: max(LEAST**2, alone) ** (1.0 - SHARE) * max(LEAST, said.get(intent, 0.0) / asks) ** SHARE
            for intent, alone in part.probabilities.items()
        }
        total = sum(both.values())
        likeliest = max(both, key=both.__getitem__)
        return replace(
            part,
            in_context=said.get(likeliest, 0.0),
            probabilities={intent: probability / total for intent, probability in both.items()},
            asks_in_a_letter=part.asks_in_a_letter ** (1.0 - SHARE) * asks**SHARE,
        )


def flags_of(clauses: Sequence[Clause]) -> Matrix:
    """Return what is known of each place beside its vector: that it is the whole letter, or a clause, whose
    sentence may be a question, and which may be joined to the one before it."""
    rows = [(1.0, 0.0, 0.0, 0.0)]
    rows += [(0.0, float(clause.asks), float(bool(clause.joint)), 1.0) for clause in clauses]
    return np.array(rows, dtype=np.float32)


def read_networks(path: Path = LETTERS) -> LetterContext | None:
    """Read what was learned; nothing where there is no such file, or it was learned for another encoder.

    Args:
        path: The networks, written by `nlu.adapting`.
    """
    from safetensors import SafetensorError, safe_open  # type: ignore[attr-defined]

    from nlu.requests.letter_networks import LetterNetworks

    if not path.is_file():
        return None
    try:
        stream: Any = safe_open(str(path), framework="np")  # type: ignore[no-untyped-call]
        described: Mapping[str, str] = stream.metadata() or {}
        tensors: dict[str, Matrix] = {
            name: stream.get_tensor(name).astype(np.float32)
            for name in stream.keys()  # noqa: SIM118
        }
    except (OSError, SafetensorError) as error:
        logger.warning("%s cannot be read (%s); letters are read clause by clause", path, error)
        return None
    if described.get("encoder") != encoder_hash():
        logger.warning(
            "%s was learned for another encoder; letters are read clause by clause until ./rightline adapt "
            "makes it anew",
            path,
        )
        return None
    return LetterContext(described["labels"].split(), LetterNetworks(tensors))


@lru_cache(maxsize=1)
def shared_networks() -> LetterContext | None:
    """Return this process's networks, read the first time."""
    return read_networks()
