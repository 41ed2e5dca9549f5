"""What a test may need beside Python packages: a test without it is skipped, and fails where CI=true."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Component:
    """A program that an ordinary installation may lack.

    Attributes:
        name: as a person says it.
        candidates: paths or program names, the first that exists is used.
        remedy: what to do when there is none.
    """

    name: str
    candidates: tuple[str, ...]
    remedy: str

    def find(self) -> Path | None:
        """Where it is, or None."""
        found = (shutil.which(candidate) for candidate in self.candidates)
        return next((Path(path) for path in found if path), None)


CHROMIUM = Component("Chromium", ("chromium", "/usr/bin/chromium", "google-chrome"), "apt install chromium")
ENGINE = Component(
    "the engine's environment", (str(PROJECT / ".venv-engine/bin/python"),), "use ./rightline test"
)
TYPESCRIPT = Component(
    "TypeScript", ("tsc", str(PROJECT / ".tools/node/node_modules/.bin/tsc")), "npm install -g typescript"
)
NODE = Component("Node.js", ("node",), "apt install nodejs")
SYSTEMD = Component("systemd", ("systemd-analyze",), "apt install systemd")
GIT = Component("git", ("git",), "apt install git")


def require(component: Component) -> Path:
    """Return where the component is; skip the test that lacks it, or fail it when CI=true."""
    path = component.find()
    if path is None:
        lacking(f"{component.name} is missing: {component.remedy}")
    return path


def lacking(sentence: str) -> NoReturn:
    """Skip a test for want of something, or fail it when CI=true.

    Args:
        sentence: what is missing, and how to get it.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
