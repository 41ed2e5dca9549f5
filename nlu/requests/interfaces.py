"""What reading a message clause by clause gives; free of what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from nlu.requests.acts import ASKS
from nlu.requests.clauses import Clause


class Read(NamedTuple):
    """What the models say of one text.

    Attributes:
        vector: The encoder's vector of it.
        intents: The probability of each intent.
        acts: The probability of each act, if it is a clause.
        asks: How likely it asks for something, if it is a clause of a letter.
        inquires: How likely it asks how something would be, by its form.
    """

    vector: Any
    intents: Mapping[str, float]
    acts: Mapping[str, float]
    asks: float
    inquires: float


@dataclass(frozen=True)
class Part:
    """A clause, with the probability of each intent where it is read alone, and of each act.

    `vector` is the encoder's vector of it, for whoever reads it further, and `asks_in_a_letter` how likely it
    asks by what letters have shown, 1 where it stands in none. Clauses that somebody repeats are
    equal: their vectors, which cannot be compared, do not count. `in_context` is how likely it asks for its
    likeliest intent where it is read beside the other clauses of a letter, 0 where it is not.
    """

    clause: Clause
    probabilities: Mapping[str, float]
    acts: Mapping[str, float]
    vector: Any = field(default=None, compare=False)
    asks_in_a_letter: float = 1.0
    in_context: float = 0.0

    @property
    def asks(self) -> float:
        """How likely it asks for something at all."""
        return self.acts.get(ASKS, 0.0)

    @cached_property
    def surest(self) -> tuple[str, float]:
        """Its likeliest intent, and how likely that is."""
        intent = max(self.probabilities, key=self.probabilities.__getitem__)
        return intent, self.probabilities[intent]
