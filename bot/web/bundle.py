"""The widget as one file: its modules joined in the order of their imports, without the comments.

A page that embeds the chat then makes one request instead of one for each module, and the sources may be as
many and as well explained as their readers need.
"""

from __future__ import annotations

import re
from pathlib import Path

ENTRY = Path(__file__).parent / "static" / "widget.js"
"""Imports its modules as a browser does that was given it as `/widget.js`."""

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\./[^"]+)";\n', re.MULTILINE)
_INSIDE = r"(?:[^*]|\*(?!/))*"
_COMMENT = re.compile(
    rf"^[ \t]*/\*\*{_INSIDE}\*/\n|^[ \t]*//[^\n]*\n|/\*\* @type {_INSIDE}\*/ ?", re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=const|function|class|async)", re.MULTILINE)


def widget(entry: Path = ENTRY) -> str:
    """Returns the source of `/widget.js`: a module that imports nothing.

    Args:
        entry: The module to begin with. Every module it leads to declares names of its own, imports by
            `import { … } from "./…"` on lines of their own, and exports by declaration.
    """
    written: dict[Path, str] = {}
    _collect(entry, entry.parents[1], written)
    return "\n".join(written.values())


def _collect(module: Path, base: Path, written: dict[Path, str]) -> None:
    if module in written:
        return
    source = _COMMENT.sub("", module.read_text("utf-8"))
    for address in _IMPORT.findall(source):
        imported = (base / address).resolve()
        _collect(imported, imported.parent, written)
    written[module] = _EXPORT.sub("", _IMPORT.sub("", source))
