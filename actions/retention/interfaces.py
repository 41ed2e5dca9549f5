"""What retention shares with those whose data it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from actions.settings import get_settings


@dataclass(frozen=True)
class Keeping:
    """How long something of the case is kept.

    Attributes:
        until: the day from which it may be gone; None when that is not known yet, or when it is gone.
    """

    what: str
    until: date | None
    text: str


def evidence_folder() -> Path:
    """Where one case's evidence is written unless somebody says otherwise; emptied by the rule `evidence`."""
    return get_settings().home / "evidence"
