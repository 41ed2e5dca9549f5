"""What retention shares with those whose data it ends."""

from __future__ import annotations

from pathlib import Path

from actions.settings import get_settings


def evidence_folder() -> Path:
    """Where one case's evidence is written unless somebody says otherwise; emptied by the rule `evidence`."""
    return get_settings().home / "evidence"
