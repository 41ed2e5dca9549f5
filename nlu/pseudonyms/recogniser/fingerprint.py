"""Which recogniser the present sources lead to, and where it is kept."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_NOT_IN_IT = frozenset({"__init__.py", "component.py", "fingerprint.py"})
"""These use a recogniser and leave no trace in it."""
_PACKAGES = ("spacy", "faker")


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Sixteen hexadecimal digits over all that shapes a recogniser: its sources and those of its training."""
    digest = hashlib.sha256()
    own = [*_HERE.glob("*.py"), *_HERE.glob("*.txt")]
    sources = [path for path in own if path.name not in _NOT_IN_IT]
    for source in sorted([*sources, _HERE.parent / "reading.py", _HERE.parent / "training.py"]):
        digest.update(f"{source.name}\0".encode() + source.read_bytes())
    for package in _PACKAGES:
        digest.update(version(package).encode())
    return digest.hexdigest()[:16]


def folder() -> Path:
    """Where the recogniser of the present sources is kept; it need not be trained yet."""
    configured = os.environ.get("RIGHTLINE_MODELS") or os.environ.get("RIGHTLINE_HOME")
    home = Path(configured).resolve() if configured else _HERE.parents[2] / ".rightline"
    return home / "recognisers" / fingerprint()
