"""How a connector says that the other side could not do it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Errors:
    """The port's own errors, which a connector raises.

    Attributes:
        later: it may pass by itself: the step is tried again.
        unusable: it will not pass by itself; the message tells an operator what to put right.
    """

    later: type[Exception]
    unusable: type[Exception]
