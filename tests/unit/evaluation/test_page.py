"""The page says what was measured, in words that stand on their own, with its pictures beside it."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.evaluation import baseline, goals
from bot.evaluation.interfaces import (
    Circumstances,
    Compared,
    Engine,
    Fit,
    Hiding,
    Labelled,
    Read,
    Report,
    Scored,
    Speed,
)
from bot.evaluation.page import write_page
from bot.evaluation.scoring import score
from bot.evaluation.summary import text_of

SAID = "<b>please</b> show me what you hold"
PICTURES = ("confusion.png", "calibration.svg", "coverage.svg")


def line(
    category: str, expected: str, given: str, *, sections: tuple[str, ...] = (), text: str = SAID
) -> Scored:
    decision = "ask" if given.startswith("?") else "act"
    read = Read(decision, (given.removeprefix("?"),), 0.8, sections, 0.1, 0.008)
    return Scored(Labelled("set.tsv", 7, category, ((expected,),), text), read)


@pytest.fixture(scope="module")
def report() -> Report:
    """A run with one unsafe start."""
    figures = score(
        [
            line("plain", "access", "erase"),
            *(line("plain", "access", "access") for _ in range(30)),
            line("typo", "erase", "?erase"),
            line("policy", "9.4", "ask_policy", sections=("9.4",)),
            line("policy", "none", "ask_policy"),
        ]
    )
    theirs = score([line("plain", "access", "erase"), line("typo", "erase", "erase")])
    return Report(
        circumstances=Circumstances(
            "26 November 2026",
            "a machine",
            "1.5",
            {"rasa": "3.6.21"},
            "m0del",
            "da7a",
            "tests/understanding",
            2,
        ),
        figures=figures,
        reading=Speed(33, 7.5, 12.25),
        hiding=Hiding(4, 0.975, 1, 0, Speed(33, 1.5, 2.5)),
        fit=Fit(40.0, 44.0, 9_000, 1.5),
        engine=Engine(21.5, 748.0, Speed(33, 9.5, 26.0)),
        compared=Compared(theirs, Fit(9_000.0, 4_400.0, 9_000, 2.0), Speed(33, 30.0, 40.0), epochs=25),
    )


@pytest.fixture(scope="module")
def folder(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page is."""
    return write_page(report, tmp_path_factory.mktemp("page") / "report").parent


class Outside(HTMLParser):
    """Collects what a page asks for, and the alternatives of its pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_for: list[str] = []
        self.alternatives: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in {"img", "script", "link", "iframe"}:
            self.asked_for.append(named.get("src") or named.get("href") or "")
        if tag == "img":
            self.alternatives.append(named.get("alt") or "")


def test_the_page_needs_nothing_but_its_pictures(folder: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    outside = Outside()
    outside.feed(page)
    assert sorted(outside.asked_for) == sorted(PICTURES)
    assert all(outside.alternatives)
    assert "http" not in page.replace("over HTTP", "")
    for name in (*PICTURES, "index.html", "figures.json"):
        assert 1_000 < (folder / name).stat().st_size < 300_000


def test_it_says_what_was_measured_on_what_and_when(folder: Path) -> None:
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", (folder / "index.html").read_text("utf-8")))
    for words in (
        "Measured on 26 November 2026 with 34 messages",
        "96.9 % of 32 messages were understood",
        "+46.9 points more",
        "1 of 34 messages would have started something grave",
        "&lt;b&gt;please&lt;/b&gt; show me what you hold (set.tsv:7: erase)",
        "Of 31 plain requests for a right, 31 (100.0 %) were taken up at once",
        "Of 1 questions that the policy answers, the right section came first for 100.0 %",
        "9.5 ms in the middle, 95 of 100 within 26.0 ms, asked for over HTTP",
        "a machine; when the run began, 1.5 processes wanted a processor",
        "rasa 3.6.21",
        "100 times the processor time",
        "taught the same examples (stopped after 25 of its 100 epochs)",
    ):
        assert words in said


def test_without_an_unsafe_start_it_gives_the_bound(report: Report, tmp_path: Path) -> None:
    safe = dataclasses.replace(
        report,
        figures=score([line("plain", "access", "access") for _ in range(40)]),
        compared=None,
        engine=None,
        fit=None,
    )
    page = write_page(safe, tmp_path).read_text("utf-8")
    assert "75.0 messages of 1,000 like these" in re.sub(r"\s+", " ", page)
    assert "Default engine" not in page
    assert "unsafe starts: none on 40 lines, so fewer than 3/n = 7.5 % (95 % confidence)" in text_of(safe)


def test_the_same_figures_are_there_for_programs(folder: Path) -> None:
    content = json.loads((folder / "figures.json").read_text("utf-8"))
    assert content["figures"]["accuracy"] == pytest.approx(31 / 32)
    assert content["figures"]["unsafe"] == ["set.tsv:7"]
    assert content["compared"]["fit"]["processor_seconds"] == 4_400.0
    assert SAID not in json.dumps(content)


def test_pictures_of_the_same_figures_are_the_same(report: Report, folder: Path, tmp_path: Path) -> None:
    write_page(report, tmp_path)
    for name in PICTURES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    assert not re.search(r"[ \t]$", (tmp_path / "coverage.svg").read_text("utf-8"), re.MULTILINE)


def test_goals_are_met_or_not(report: Report) -> None:
    found = {
        goal.name: (goal.goal, goal.found, goal.met)
        for goal in (
            *goals.goals_of_understanding(report.figures),
            *goals.goals_of_hiding(report),
            *goals.goals_of_comparison(report),
            *goals.goals_of_costs(report),
        )
    }
    assert found["plain: right"] == ("at least 96 %", "96.8 %", True)
    assert found["unsafe starts"] == ("none", "1 of 34 lines", False)
    assert found["points lost by hiding personal data"] == ("at most 0.5", "0.6", False)
    assert found["parsing over HTTP, median"] == ("at most 12 ms", "9.5 ms", True)
    assert found["parsing over HTTP, 95th percentile"] == ("at most 25 ms", "26.0 ms", False)
    assert found["times faster to fit, by processor time"] == ("at least 10", "100.0", True)
    assert "several: right" not in found


def test_the_terminal_says_the_same(report: Report) -> None:
    said = "\n".join(text_of(report))
    for words in (
        "tests/understanding: 34 lines, 2 of them word for word among the training examples; model m0del, ",
        "plain requests for a right that are acted on: 31/31 = 100.0 %",
        f"unsafe starts: 1/34 = 2.9 % (the 3/n bound would need none)\n  set.tsv:7: erase: {SAID}",
        "policy: first place 1/1 = 100.0 %; first three 1/1 = 100.0 %; nothing where it does not tell 1/1",
        "understood without it 97.5 %, with it 96.9 % (-0.6 points; 1 lost, 0 gained)",
        "engine: ready after 21.5 s, 748 MB of memory",
        "training: 40 s (44 s of processor time) for 9000 examples, at load 1.5",
        "ours is 100.0 times faster to fit by processor time, 225.0 times by the clock",
    ):
        assert words in said


def test_a_shorter_fit_changes_nothing_but_its_epochs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    whole = baseline.CONFIGURATION.read_text("utf-8").splitlines()
    shorter = baseline.configuration_of(7).read_text("utf-8").splitlines()
    changed = {(old.strip(), new.strip()) for old, new in zip(whole, shorter, strict=True) if old != new}
    assert changed == {("epochs: 100", "epochs: 7")}
    assert baseline.configuration_of(100) == baseline.CONFIGURATION
