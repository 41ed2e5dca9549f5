"""Where this instance keeps its state."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the state folder, `RIGHTLINE_HOME` or `.rightline` in the project; it need not exist yet."""
    configured = os.environ.get("RIGHTLINE_HOME")
    return Path(configured).resolve() if configured else PROJECT / ".rightline"
