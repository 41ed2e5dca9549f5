"""What is put in place of masked details, and the words by which health data is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nlu.pseudonyms.kinds import MASKED


@dataclass(frozen=True)
class HealthWords:
    """Words of health, in lower case; more than one word each is allowed.

    Attributes:
        conditions: what somebody has or had: illnesses, events, treatments.
        states: what somebody is.
        medicines: what somebody takes; these are found in any sentence.
        not_before: what makes of the word before it a name, a topic or a mood: a cancer charity,
            anxiety about.
    """

    conditions: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Masking:
    """How masked details are shown and spoken of, by kind.

    Attributes:
        labels: what stands in the stored message, such as `[card number removed]`.
        read_as: what the engine reads instead, such as `card number`.
        health: the words of health.
    """

    labels: Mapping[str, str] = field(default_factory=lambda: {kind: f"[{kind} removed]" for kind in MASKED})
    read_as: Mapping[str, str] = field(default_factory=lambda: {kind: kind for kind in MASKED})
    health: HealthWords = HealthWords()
