"""Where the project and its two environments are."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENGINE_PYTHON = PROJECT / ".venv-engine" / "bin" / "python"
