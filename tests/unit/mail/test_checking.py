"""A mistake in a template is named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.mail.checking import check

CLOSING = "text: |\n  Bye.\n"
GOOD = "version: 1\nvalues: [name]\nsubject: Hello {name}\ntext: |\n  Hello {name}.\n"


def problems(folder: Path, content: str) -> list[str]:
    (folder / "_closing.yml").write_text(CLOSING, encoding="utf-8")
    (folder / "one.yml").write_text(content, encoding="utf-8")
    return [str(problem).removeprefix(f"{folder}/") for problem in check(folder)]


def test_a_good_template_has_none(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD.replace("[name]", "[name, age]"), "one.yml:2: the value 'age' has no place in subject or text"),
        (GOOD.replace("Hello {name}.", "Hello {nam}."), "one.yml:5: 'nam' is not among the values"),
        (
            GOOD.replace("{name}.", "{name:loud}."),
            "one.yml:5: there is no format 'loud'; there are date, time, moment",
        ),
        (GOOD.replace("{name}.", "{name."), "one.yml:5: expected '}' before end of string"),
        (
            GOOD.replace("{name}.", "{0}."),
            "one.yml:5: '{0}' is not a placeholder: write {name} or {name:format}",
        ),
        (
            GOOD.replace("{name}.", "{name!r}."),
            "one.yml:5: '{name}' is not a placeholder: write {name} or {name:format}",
        ),
        (GOOD.replace("{name}.", "{name} {organisation.cat}."), "one.yml:5: the organisation has no 'cat'"),
        (GOOD.replace("subject:", "title:"), "one.yml:3: 'title': extra inputs are not permitted"),
        (
            GOOD.replace("version: 1", "version: none"),
            "one.yml:1: 'version': input should be a valid integer",
        ),
        (GOOD.replace("values: [name]", "values: [name"), "one.yml:3: this is not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, content: str, says: str) -> None:
    found = problems(tmp_path, content)
    assert any(problem.startswith(says) for problem in found), found


def test_missing_closing_lines_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(GOOD, encoding="utf-8")
    (problem,) = check(tmp_path)
    assert problem.path.name == "_closing.yml"
