"""What a check is, and what it works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from actions.health.interfaces import Finding
from actions.settings import Settings
from bot.supervisor.instance import Running


@dataclass(frozen=True)
class Patient:
    """What is looked at.

    Attributes:
        settings: as the environment has them.
        running: what runs on the state folder now, if anything does.
    """

    settings: Settings
    running: Running | None


Check = Callable[[Patient], Iterator[Finding]]
"""Looks at one part. It yields what it finds, and raises only for what nobody foresaw."""


@dataclass(frozen=True)
class Examined:
    """A finding about a part."""

    part: str
    finding: Finding
