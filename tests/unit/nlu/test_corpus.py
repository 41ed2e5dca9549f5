"""Mistakes in the training examples are named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.paths import PROJECT
from nlu.corpus import EXAMPLES_AT_LEAST, read_corpus
from nlu.understanding.vocabulary import CONTRACT, SITUATIONAL

HEADER = 'version: "3.1"\nnlu:\n'


def write(folder: Path, content: str) -> Path:
    """One data file."""
    file = folder / "some.yml"
    file.write_text(content, encoding="utf-8")
    return file


def problems(folder: Path) -> list[tuple[int, str]]:
    """What is wrong, but for intents that the test does not write."""
    found = read_corpus(folder)[1]
    return [(problem.line, problem.message) for problem in found if "it needs" not in problem.message]


def test_the_projects_own_examples_are_right() -> None:
    examples, found = read_corpus(PROJECT / "data" / "nlu")

    assert [str(problem) for problem in found] == []
    assert {example.intent for example in examples} == CONTRACT | SITUATIONAL


def test_examples_carry_their_place(tmp_path: Path) -> None:
    file = write(tmp_path, HEADER + "  - intent: greet\n    examples: |\n      - hello\n      - good day\n")

    examples, _ = read_corpus(tmp_path)

    assert [(e.intent, e.text, e.file, e.line) for e in examples] == [
        ("greet", "hello", file, 5),
        ("greet", "good day", file, 6),
    ]


@pytest.mark.parametrize(
    ("example", "message"),
    [
        ("write to NAME_1", "no placeholder NAME_1"),
        ("write to [me](email)", "not annotated"),
    ],
)
def test_a_mistake_in_an_example(tmp_path: Path, example: str, message: str) -> None:
    write(tmp_path, HEADER + f"  - intent: greet\n    examples: |\n      - hello\n      - {example}\n")

    ((line, said),) = problems(tmp_path)
    assert line == 6
    assert message in said


def test_an_unknown_intent(tmp_path: Path) -> None:
    write(tmp_path, HEADER + "  - intent: great\n    examples: |\n      - hello\n")

    assert problems(tmp_path) == [(5, "there is no intent great")]


def test_one_text_for_two_intents(tmp_path: Path) -> None:
    write(
        tmp_path,
        HEADER + "  - intent: greet\n    examples: |\n      - Hello\n"
        "  - intent: help\n    examples: |\n      - hello\n",
    )

    ((line, said),) = problems(tmp_path)
    assert (line, "greet at some.yml:5" in said) == (8, True)


def test_one_text_twice_for_an_intent(tmp_path: Path) -> None:
    write(
        tmp_path,
        HEADER + "  - intent: greet\n    examples: |\n      - Hello\n      - good day\n      - hello\n",
    )

    ((line, said),) = problems(tmp_path)
    assert (line, "greet at some.yml:5" in said) == (7, True)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("nlu: [\n", 2),
        ("nlu: nothing\n", 1),
        (HEADER + "  - intent: greet\n", 3),
        (HEADER + "  - intent: greet\n    examples: |\n      hello\n", 4),
        ("", 1),
    ],
)
def test_a_malformed_file(tmp_path: Path, content: str, line: int) -> None:
    write(tmp_path, content)

    assert [found for found, _ in problems(tmp_path)] == [line]


def test_an_intent_with_too_few_examples_is_named(tmp_path: Path) -> None:
    write(tmp_path, HEADER + "  - intent: greet\n    examples: |\n      - hello\n")

    messages = [problem.message for problem in read_corpus(tmp_path)[1]]
    assert f"greet has 1 examples; it needs {EXAMPLES_AT_LEAST}" in messages
    assert len(messages) == len(CONTRACT | SITUATIONAL)
