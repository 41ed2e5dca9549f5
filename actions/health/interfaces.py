"""What `./rightline doctor` asks of a connector, and what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

State = Literal["ok", "warning", "failed", "off"]
"""`warning`: it works, and somebody should know; `off`: it is not used, or does not run now."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: how it is.
        what: what was found, as a sentence without its full stop; no secret, and nothing of any contact.
        mend: what to do about it; empty where there is nothing to do.
    """

    state: State
    what: str
    mend: str = ""


@runtime_checkable
class Checkable(Protocol):
    """What an implementation of a port may have beside the port's own methods.

    A connector's `check` asks the other system, within a few seconds and without changing anything: does it
    answer, is it a version we know, are our credentials good, may we do what the port needs (and what the
    rights rest on: schema, queues, modules)? It does not raise: what fails is a finding that says what to do.
    """

    def check(self) -> Sequence[Finding]:
        """Look at everything that could be wrong, in the order in which one would mend it."""
        ...
