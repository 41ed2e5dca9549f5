"""The table of every setting, written from the settings themselves: `python -m actions.settings_table`.

It prints docs/settings.md; a test compares the two.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from actions.settings import PROJECT_ROOT, Settings, variable

INTRODUCTION = """# Settings

Each is an environment variable; this page is written by
`python -m actions.settings_table > docs/settings.md`.
`./rightline doctor` says which of yours are wrong and what to do about it. Lists and objects are JSON. A
secret is never printed or logged.

| variable | default | meaning |
| --- | --- | --- |
"""
AFTERWARDS = """
Of all these the engine is told `RIGHTLINE_ENGINE_…`, `RIGHTLINE_ACTIONS_URL` and `RIGHTLINE_HOME` alone: it
gets no key, and no password but those of its sessions' database and of Redis. `RIGHTLINE_ENGINE_DATABASE`
names another SQLite file for its sessions.
"""


def markdown() -> str:
    """The page."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return INTRODUCTION + "".join(rows) + AFTERWARDS


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{variable(name)}` | {_default(field)} | {_meaning(field)} |\n"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if isinstance(value, SecretStr) or value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return f"`{int(value)}`"
    if isinstance(value, Path):
        return f"`{value.relative_to(PROJECT_ROOT)}`"
    if isinstance(value, list | dict):
        return f"`{json.dumps(value)}`"
    return f"`{value}`"


def _meaning(field: FieldInfo) -> str:
    said = (field.description or "").replace("|", "\\|")
    extras = []
    if field.annotation is SecretStr:
        extras.append("a secret")
    elif get_origin(field.annotation) in (list, dict):
        extras.append("JSON")
    return said + (f" *({', '.join(extras)})*" if extras else "")


if __name__ == "__main__":
    sys.stdout.write(markdown())
