"""What verification can answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from actions.crm.interfaces import ContactRecord

Doubt = Literal["shared", "role", "left", "bounced", "recently_changed"]


@dataclass(frozen=True)
class Sent:
    """A code is on its way."""

    minutes: int


@dataclass(frozen=True)
class Closed:
    """No code now: too many wrong ones, or too many codes.

    Attributes:
        wait: how long until another may be asked for.
    """

    wait: timedelta


@dataclass(frozen=True)
class Checked:
    """What a typed code turned out to be; `left` is how many tries remain."""

    result: Literal["right", "wrong", "closed", "expired", "none"]
    left: int = 0
    address: str = ""


@dataclass(frozen=True)
class Resolution:
    """Whom a proven address stands for.

    Attributes:
        contact: the one contact it stands for, if there is exactly one and no doubt.
        candidates: ids of the contacts it may stand for.
        doubt: why a person must look first; the contact is told none of it.
    """

    contact: ContactRecord | None
    candidates: tuple[str, ...] = ()
    doubt: Doubt | None = None

    @property
    def nothing_held(self) -> bool:
        """Nobody on file uses the address."""
        return not self.candidates
