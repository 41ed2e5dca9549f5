"""What browsers are served, read as files: nothing inline, nothing from elsewhere, nothing missing."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.web.bundle import ENTRY, widget
from tests.support.components import TYPESCRIPT, require

WEB = ENTRY.parents[1]
PAGES = sorted((WEB / "pages").glob("*.html"))
SCRIPTS = sorted((WEB / "static").rglob("*.js"))
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src"}


class Page(HTMLParser):
    """Collects what a strict content security policy is about."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.attributes: set[str] = set()
        self.inline = ""
        self.language = ""
        self._open = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._open = tag
        self.attributes |= set(values)
        self.language = self.language or values.get("lang") or ""
        if address := values.get(LOADING.get(tag, "")):
            self.loaded.append(address)

    def handle_data(self, data: str) -> None:
        if self._open in ("script", "style"):
            self.inline += data.strip()

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_works_under_a_strict_policy(path: Path) -> None:
    page = Page(path)
    assert page.inline == ""
    assert not {name for name in page.attributes if name == "style" or name.startswith("on")}
    assert page.language == "en-GB"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_loads_only_files_that_we_serve(path: Path) -> None:
    for address in Page(path).loaded:
        assert address == "/widget.js" or (WEB / address.removeprefix("/")).is_file(), address


def test_styles_load_only_files_that_we_serve() -> None:
    for path in (WEB / "static").glob("*.css"):
        for address in re.findall(r"url\(\"?([^\")]+)", path.read_text("utf-8")):
            assert (path.parent / address).is_file()
    assert "url(" not in widget()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_writes_no_markup_and_runs_no_text(path: Path) -> None:
    text = path.read_text("utf-8")
    for danger in (
        r"\binnerHTML\b",
        r"\bouterHTML\b",
        r"insertAdjacentHTML",
        r"\beval\(",
        r"new Function",
        r"document\.write",
    ):
        assert not re.search(danger, text), danger


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_module_stays_small_enough_to_read(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) < 400
    assert max(map(len, lines)) <= 120


def test_every_label_that_is_said_exists() -> None:
    labels, wording = (WEB / "static/chat/labels.js").read_text("utf-8").split("};", 1)
    known = set(re.findall(r"^  (\w+):\s", labels, re.MULTILINE))
    source = wording + "".join(path.read_text("utf-8") for path in SCRIPTS if path.name != "labels.js")
    said = set(re.findall(r"\b(?:say|item)\(\s*\"(\w+)\"", source))
    assert len(said) > 25
    assert said <= known


def test_every_right_and_open_state_of_the_vocabulary_has_a_name() -> None:
    labels = (WEB / "static/chat/labels.js").read_text("utf-8")
    rights = (
        "information access portability rectification erasure restriction objection marketing_objection "
        "opt_in consent_withdrawal complaint breach_report other"
    )
    states = "draft awaiting_identity awaiting_clarification awaiting_approval scheduled in_progress"
    for name in [f"right_{right}" for right in rights.split()] + [
        f"state_{state}" for state in states.split()
    ]:
        assert f"  {name}: " in labels


def test_the_types_hold() -> None:
    compiler = require(TYPESCRIPT)
    run = subprocess.run(
        [compiler, "--project", WEB / "jsconfig.json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout
