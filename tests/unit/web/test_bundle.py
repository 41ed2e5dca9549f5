"""The widget as one file: complete, small, and the same program as its modules."""

from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path

from bot.web.bundle import ENTRY, widget
from tests.support.components import NODE, require

CHAT = ENTRY.parent / "chat"
LIMIT = 20_000
"""Bytes of everything an embedding page loads, gzipped."""


def test_it_is_at_most_twenty_kilobytes_gzipped() -> None:
    assert len(gzip.compress(widget().encode())) <= LIMIT


def test_it_imports_nothing_and_exports_nothing() -> None:
    assert re.findall(r"^(?:import|export)\b.*", widget(), re.MULTILINE) == []


def test_it_holds_every_module_once() -> None:
    for module in CHAT.glob("*.js"):
        for name in re.findall(
            r"^export (?:async )?(?:const|function|class) (\w+)", module.read_text("utf-8"), re.M
        ):
            declared = re.findall(rf"^(?:async )?(?:const|function|class) {name}\b", widget(), re.MULTILINE)
            assert len(declared) == 1, name


def test_no_two_modules_declare_the_same_name() -> None:
    names = re.findall(r"^(?:async )?(?:const|let|function|class) (\w+)", widget(), re.MULTILINE)
    assert len(names) == len(set(names))


def test_comments_go_and_everything_else_stays(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "one.js").write_text(
        "/** What it is. */\n/** @param {string} a\n * @returns {string} */\n"
        "export const one = (a) => `/** ${a} */`;\n"
        "  // a remark\nconst two = /** @type {any} */ (one); // kept\nexport { two };\n"
    )
    entry = tmp_path / "static" / "widget.js"
    entry.write_text('import { one } from "./static/one.js";\n\none("https://x.example//");\n')
    assert widget(entry) == (
        'const one = (a) => `/** ${a} */`;\nconst two = (one); // kept\nexport { two };\n\n\none("https://x.example//");\n'
    )


def test_a_module_that_is_imported_twice_is_written_once(tmp_path: Path) -> None:
    chat = tmp_path / "static" / "chat"
    chat.mkdir(parents=True)
    (chat / "base.js").write_text("export const base = 1;\n")
    (chat / "left.js").write_text('import { base } from "./base.js";\nexport const left = base;\n')
    (chat / "right.js").write_text('import { base } from "./base.js";\nexport const right = base;\n')
    entry = tmp_path / "static" / "widget.js"
    entry.write_text(
        'import { left } from "./static/chat/left.js";\n'
        'import { right } from "./static/chat/right.js";\nleft + right;\n'
    )
    lines = [line for line in widget(entry).splitlines() if line]
    assert lines == ["const base = 1;", "const left = base;", "const right = base;", "left + right;"]


def test_it_is_a_module_that_parses(tmp_path: Path) -> None:
    node = require(NODE)
    file = tmp_path / "widget.mjs"
    file.write_text(widget(), "utf-8")
    subprocess.run([node, "--check", file], check=True, timeout=60)
