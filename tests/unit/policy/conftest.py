"""Fixtures of this folder's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from actions.policy import services
from actions.settings import PROJECT_ROOT
from tests.support.dialogue import chat
from tests.support.store import database

__all__ = ["chat", "database"]

Write = Callable[[str], Path]

ANSWER = {
    "section": "9.4",
    "title": "Keeping",
    "policy_says": "It is kept while it is needed.",
    "we_say": "We keep it while we need it.",
    "questions": [f"how long is it kept, in words number {number}" for number in range(8)],
    "next": ["access"],
    "approved": {"by": "Dana", "date": "2026-11-23"},
}


@pytest.fixture
def policy_folder(tmp_path: Path) -> Path:
    """A folder with one faultless answer in `keeping.yml`, and what the policy does not tell."""
    not_told = {"questions": [f"what colour is the server number {number}" for number in range(30)]}
    (tmp_path / "_not_told.yml").write_text(yaml.safe_dump(not_told, sort_keys=False))
    write_answers(tmp_path, ANSWER)
    return tmp_path


def write_answers(folder: Path, *answers: dict, version: str = "2018-05") -> Path:
    """Write `keeping.yml` with these answers."""
    path = folder / "keeping.yml"
    path.write_text(yaml.safe_dump({"version": version, "answers": list(answers)}, sort_keys=False))
    return path


@pytest.fixture
def own_answers(policy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Answers are taken from `policy_folder`; the rest of the data stays the project's."""
    monkeypatch.setattr(services, "folder", lambda: policy_folder)
    services._answers.cache_clear()
    yield policy_folder
    services._answers.cache_clear()


def line_of(path: Path, text: str) -> int:
    """The number of the line that holds a text."""
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line)


PROJECT_POLICY = PROJECT_ROOT / "data" / "policy"
