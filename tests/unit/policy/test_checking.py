"""The checker names the file, the line and the mistake."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from actions.policy import check
from tests.unit.policy.conftest import ANSWER, line_of, write_answers


def test_the_project_s_answers_are_in_order() -> None:
    assert check() == []


def test_a_faultless_folder_has_no_problems(policy_folder: Path) -> None:
    assert check(policy_folder) == []


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("section", "nine", "'nine' is no section"),
        ("section", "9.04", "'9.04' is no section"),
        ("we_say", "One. Two. Three. Four.", "too long: 4 sentences"),
        ("we_say", "word " * 61 + "end.", "too long: 62 words"),
        ("policy_says", "No end", "does not end as a sentence"),
        ("we_say", "Ask {whoever}.", "nobody fills '{whoever}'"),
        ("we_say", "Ask {organisation.king}.", "a brace is wrong"),
        ("next", ["access", "dance"], "no choice 'dance'"),
        ("questions", ["only one"], "'questions'"),
        ("approved", {"by": "Dana"}, "'date': field required"),
    ],
)
def test_a_malformed_part_is_named_with_its_line(
    policy_folder: Path, key: str, value: Any, says: str
) -> None:
    path = write_answers(policy_folder, ANSWER | {key: value})
    found = check(policy_folder)
    assert len(found) == 1
    where, _, message = found[0].partition(": ")
    file, _, line = where.rpartition(":")
    assert file == str(path)
    first = line_of(path, f"{key}:")
    assert first <= int(line) <= first + 2
    assert says in message


@pytest.mark.parametrize("key", sorted(ANSWER))
def test_a_missing_part_is_named(policy_folder: Path, key: str) -> None:
    path = write_answers(policy_folder, {name: value for name, value in ANSWER.items() if name != key})
    assert check(policy_folder) == [f"{path}:3: '{key}': field required"]


def test_an_unknown_part_is_named(policy_folder: Path) -> None:
    path = write_answers(policy_folder, ANSWER | {"colour": "red"})
    assert check(policy_folder) == [
        f"{path}:{line_of(path, 'colour')}: 'colour': extra inputs are not permitted"
    ]


def test_a_section_and_a_question_stand_once(policy_folder: Path) -> None:
    path = write_answers(policy_folder, ANSWER, deepcopy(ANSWER))
    found = check(policy_folder)
    assert f"the section '9.4' stands at {path.name}:3 already" in found[0]
    assert len(found) == 1 + len(ANSWER["questions"])


def test_a_question_cannot_be_told_and_not_told(policy_folder: Path) -> None:
    write_answers(
        policy_folder, ANSWER | {"questions": [*ANSWER["questions"], "What colour is the server number 3?"]}
    )
    found = check(policy_folder)
    assert len(found) == 1
    assert "_not_told.yml" in found[0]
    assert "stands at keeping.yml:" in found[0]


def test_a_new_version_of_the_policy_asks_for_new_approvals(policy_folder: Path) -> None:
    path = write_answers(policy_folder, ANSWER, version="2017-01")
    found = check(policy_folder)
    assert found[0].startswith(f"{path}:1: the answers are for version 2017-01")
    assert check(policy_folder, approvals=False) == []


def test_what_is_no_yaml_is_named(policy_folder: Path) -> None:
    path = policy_folder / "keeping.yml"
    path.write_text("version: '1'\nanswers: [\n")
    assert check(policy_folder)[0].startswith(f"{path}:3: this is not YAML")


def test_missing_files_are_named(tmp_path: Path) -> None:
    found = check(tmp_path)
    assert any("no file with answers" in problem for problem in found)
    assert any("_not_told.yml:1: the file is missing" in problem for problem in found)
