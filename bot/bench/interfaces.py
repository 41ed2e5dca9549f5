"""What is measured. Times are in seconds, memory in megabytes of a million bytes."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CLIENTS = 8
LEAST_PER_SECOND = 28.0
"""Messages a second through one engine with eight clients, at the least (issue: growth)."""
MOST_ALONE = 0.045
"""Seconds that a turn of a form may take in median, alone at the engine's REST channel."""


@dataclass
class Latencies:
    """How long each of many messages took."""

    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Half of them were quicker."""
        return statistics.median(self.seconds) if self.seconds else 0.0

    def percentile(self, share: int) -> float:
        """So many of a hundred were quicker."""
        if len(self.seconds) < 2:
            return self.median
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[share - 1]

    def summary(self) -> dict[str, float]:
        """The usual figures in milliseconds."""
        shares = {f"p{share}": self.percentile(share) for share in (50, 90, 95, 99)}
        return {name: round(1000 * value, 1) for name, value in shares.items()} | {"count": len(self.seconds)}


@dataclass
class EngineFigures:
    """One engine at its REST channel.

    Attributes:
        name: what it is.
        ready: seconds from its start until it served.
        memory: after the measurements.
        typed: each turn of a form that came as text, alone.
        structured: each that came as structured input, alone.
        crowd: every message with several clients at once.
        per_second: messages a second with them.
        length: median of a turn by the number of messages that its session has had.
    """

    name: str
    ready: float = 0.0
    memory: float = 0.0
    typed: Latencies = field(default_factory=Latencies)
    structured: Latencies = field(default_factory=Latencies)
    crowd: Latencies = field(default_factory=Latencies)
    per_second: float = 0.0
    length: dict[int, float] = field(default_factory=dict)

    @property
    def alone(self) -> Latencies:
        """Both kinds of turns of a form, alone."""
        return Latencies(self.typed.seconds + self.structured.seconds)


@dataclass
class Growth:
    """What something costs while something else grows.

    Attributes:
        what: what is measured, as the title of a picture.
        grows: what grows.
        points: by size, the median in seconds (or messages a second, see `unit`).
        unit: `ms` or `messages a second`.
    """

    what: str
    grows: str
    points: Mapping[int, float]
    unit: str = "ms"

    @property
    def factor(self) -> float:
        """The last as a multiple of the first."""
        values = list(self.points.values())
        return values[-1] / values[0] if values and values[0] else 0.0


@dataclass
class Report:
    """One run."""

    machine: Sequence[str]
    ours: EngineFigures
    baseline: EngineFigures | None
    growth: Sequence[Growth]

    def missed(self) -> list[str]:
        """The goals that were not reached, as sentences."""
        found = []
        speed, alone = self.ours.per_second, 1000 * self.ours.alone.median
        if speed < LEAST_PER_SECOND:
            found.append(
                f"{speed:.1f} messages a second with {CLIENTS} clients, at least {LEAST_PER_SECOND:g}"
            )
        if alone > 1000 * MOST_ALONE:
            found.append(f"a turn of a form takes {alone:.1f} ms alone, at most {1000 * MOST_ALONE:g}")
        return found
