"""What the engine reads of the answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions import policy
from nlu.policy.reading import NOT_TOLD, Asked, PolicyUnreadable, read_questions, section_of
from tests.support.components import PROJECT

TOLD = """
version: "1"
answers:
  - section: "9.4"
    questions: [how long is it kept]
  - section: "12/access"
    questions: [may I see it, can I look]
"""


def test_questions_come_with_the_key_of_their_answer(tmp_path: Path) -> None:
    (tmp_path / "1.yml").write_text(TOLD)
    (tmp_path / "_not_told.yml").write_text("questions: [what colour is it]\n")
    assert read_questions(tmp_path) == [
        Asked("9.4", "how long is it kept"),
        Asked("12/access", "may I see it"),
        Asked("12/access", "can I look"),
        Asked(NOT_TOLD, "what colour is it"),
    ]


def test_a_folder_without_answers_asks_nothing(tmp_path: Path) -> None:
    assert read_questions(tmp_path) == []


@pytest.mark.parametrize(
    "content", ["answers: [", "nothing: here", "answers: [{section: '1'}]", "answers: 3"]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "1.yml").write_text(content)
    with pytest.raises(PolicyUnreadable, match=r"1\.yml"):
        read_questions(tmp_path)


def test_the_number_is_what_stands_before_the_row() -> None:
    assert section_of("12/access") == "12"
    assert section_of("10.2.4") == "10.2.4"


def test_everything_the_engine_may_find_has_an_answer() -> None:
    keys = {question.key for question in read_questions(PROJECT / "data" / "policy")}
    assert keys - {NOT_TOLD} == set(policy.sections())
