"""What the engine reads of the situations."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.situations.reading import READ_AT_MOST, SituationsUnreadable, matched, read_situations, readable
from nlu.situations.sieve import Sieve
from tests.support.components import PROJECT

HERE = Path(__file__).parent
FILE = """
situation: thirst
examples: [I am thirsty]
ordinary: [water the plants]
patterns: ['\\bthirsty\\b']
"""


def test_a_situation_comes_with_its_sentences_and_patterns(tmp_path: Path) -> None:
    (tmp_path / "thirst.yml").write_text(FILE)
    (tmp_path / "_helplines.yml").write_text("this: is for the dialogue\n")
    (found,) = read_situations(tmp_path)
    assert (found.name, found.examples, found.ordinary) == (
        "thirst",
        ("I am thirsty",),
        ("water the plants",),
    )
    patterns = [(found.name, [Sieve(pattern) for pattern in found.patterns])]
    assert matched(readable("I'm so  THIRSTY"), patterns) == ["thirst"]
    assert matched(readable("a thirst for answers"), patterns) == []


@pytest.mark.parametrize("content", ["situation: [", "situation: thirst\n", FILE.replace("thirsty\\b", "(")])
def test_an_unreadable_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "thirst.yml").write_text(content)
    with pytest.raises(SituationsUnreadable, match=r"thirst\.yml"):
        read_situations(tmp_path)


def test_of_a_long_letter_the_beginning_and_the_end_are_read() -> None:
    letter = f"first words {'x ' * READ_AT_MOST} last words"
    assert readable(letter).startswith("first words")
    assert readable(letter).endswith("last words")
    assert len(readable(letter)) <= READ_AT_MOST + 3


def test_no_sentence_of_a_test_is_learnt_from() -> None:
    learnt = {
        text.lower().strip(" .?!")
        for situation in read_situations(PROJECT / "data" / "situations")
        for text in (*situation.examples, *situation.ordinary)
    }
    for name in ("held_out.tsv", "development.tsv"):
        for line in (HERE / name).read_text(encoding="utf-8").splitlines()[1:]:
            assert line.split("\t")[1].lower().strip(" .?!") not in learnt, line
