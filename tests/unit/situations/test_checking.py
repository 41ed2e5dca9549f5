"""The checker names what is malformed in data/situations, with its line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from actions.situations.checking import check
from actions.situations.facts import folder, helplines
from actions.situations.handling import HANDLING
from actions.wording import phrase
from bot.paths import PROJECT

Change = Callable[[str], str]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The folder as it is, to spoil."""
    where = tmp_path / "situations"
    shutil.copytree(folder(), where)
    return where


def spoil(path: Path, change: Change) -> int:
    """Change a file; returns the first line that differs."""
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")
    lines = zip(before.splitlines(), after.splitlines(), strict=False)
    return next(number for number, (old, new) in enumerate(lines, 1) if old != new)


def test_what_is_there_is_well_formed() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        (
            "danger.yml",
            lambda s: s.replace("  - I want to kill myself", "  - 14", 1),
            "put it in quotation marks",
        ),
        ("danger.yml", lambda s: s.replace("  - I want to kill myself", '  - ""', 1), "nothing written"),
        (
            "threat.yml",
            lambda s: s.replace("  - you are all dead\n", "  - my husband died\n", 1),
            "stands at",
        ),
        ("death.yml", lambda s: s.replace("situation: death", "situation: birth", 1), "birth.yml"),
        ("abuse.yml", lambda s: s.replace("ordinary:", "ordinarily:", 1), "ordinar"),
        (
            "police.yml",
            lambda s: s.replace("(?:police|hmrc|nca|law", "(?:police|hmrc|nca|(law", 1),
            "no regular",
        ),
        (
            "press.yml",
            lambda s: s.replace("(?:press|media) (?:enq", "(?:Press|media) (?:enq", 1),
            "lower case",
        ),
        ("staff.yml", lambda s: s.replace("(?:my|our) (?:hr", "(?:|hr", 1), "regular|matches"),
        ("_helplines.yml", lambda s: s.replace("  ENG:", "  FRA:", 1), "ENG"),
        ("_helplines.yml", lambda s: s.replace("    emergency:", "    emergencies:", 1), "emergenc"),
        ("_languages.yml", lambda s: s.replace("\npl:", "\npolish:", 1), "ISO 639-1"),
        ("_languages.yml", lambda s: s.replace("name: Polish, ", "", 1), "name"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(
    copied: Path, name: str, change: Change, problem: str
) -> None:
    line = spoil(copied / name, change)
    found = check(copied)
    assert any(part in " ".join(found) for part in problem.split("|")), found
    lines = [int(each.split(":")[1]) for each in found if Path(each.split(":")[0]).name == name]
    assert any(abs(number - line) <= 2 for number in lines), found


def test_a_missing_file_and_one_that_nobody_deals_with_are_named(copied: Path) -> None:
    (copied / "threat.yml").rename(copied / "thirst.yml")
    found = "\n".join(check(copied))
    assert "threat.yml:1: the file is missing" in found
    assert "nothing follows from 'thirst'" in found


def test_what_is_not_yaml_is_named(copied: Path) -> None:
    (copied / "regret.yml").write_text("situation: [", encoding="utf-8")
    assert "regret.yml" in check(copied)[0]
    assert "not YAML" in check(copied)[0]


def test_every_phrase_is_said_somewhere_and_has_all_it_needs() -> None:
    words = yaml.safe_load((PROJECT / "data" / "phrases" / "situations.yml").read_text(encoding="utf-8"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "actions").rglob("*.py"))
    of_situations = {f"situation.{name}{again}" for name in HANDLING for again in ("", ".again")}
    reached = {f"reach.{name}" for name, handling in HANDLING.items() if handling.by_person}
    for name in words:
        assert name in of_situations | reached or f'"{name}"' in code, f"nobody says '{name}'"
    for name in (*of_situations, *reached):
        if name in words:
            assert phrase(name, **helplines().model_dump())
    assert {f"situation.{name}" for name in HANDLING} | reached <= set(words)
