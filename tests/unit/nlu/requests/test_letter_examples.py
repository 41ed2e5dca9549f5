"""Letters to learn from: how they are read, and what is said of one that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.paths import PROJECT
from nlu.classification.text import normalised
from nlu.requests.letter_examples import LetterExample, LettersUnreadable, read_letters

FOLDER = PROJECT / "data" / "understanding" / "letters"
STORY = "I have written to you before about a lamp that I never bought, and nobody wrote back to me. " * 2


def letters_of(folder: Path, line: str, intent: str = "erase") -> list[LetterExample]:
    (folder / f"{intent}.txt").write_text(f"# a note\n\n{line}\n", encoding="utf-8")
    return read_letters(folder, {"erase", "access"})


def test_the_projects_own_letters_show_what_asks_and_much_that_does_not() -> None:
    letters = read_letters(FOLDER, {path.stem for path in FOLDER.glob("*.txt")})
    clauses = [asks for letter in letters for _, asks in letter.clauses()]

    assert len(letters) >= 370
    assert len({normalised(letter.text) for letter in letters}) == len(letters)
    assert all(any(asks for _, asks in letter.clauses()) for letter in letters)
    assert sum(clauses) < len(clauses) / 3


def test_a_clause_asks_that_stands_in_a_mark(tmp_path: Path) -> None:
    (letter,) = letters_of(tmp_path, f"{STORY} She wants a refund, [[but please delete my record]]. PERSON_1")

    assert letter.intent == "erase"
    assert "[[" not in letter.text
    asking = [text for text, asks in letter.clauses() if asks]
    assert len(asking) == 1
    assert "delete my record" in asking[0]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (STORY * 2, r"erase\.txt:3: nothing is marked"),
        (f"{STORY * 2} [[delete me", r"erase\.txt:3: the marks do not match"),
        (f"{STORY * 2} ]]delete me[[", r"erase\.txt:3: the marks do not match"),
        (f"{STORY * 2} [[delete [[me]]", r"erase\.txt:3: the marks do not match"),
        (f"{STORY * 2} [[ ]] delete me", r"erase\.txt:3: a mark holds no words"),
        ("[[delete me]] at once", r"erase\.txt:3: a letter has at least 40 words"),
    ],
)
def test_a_letter_that_cannot_be_learned_from_is_named(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(LettersUnreadable, match=problem):
        letters_of(tmp_path, line)


def test_a_file_of_no_intent_is_named(tmp_path: Path) -> None:
    with pytest.raises(LettersUnreadable, match=r"delete\.txt: there is no intent 'delete'"):
        letters_of(tmp_path, STORY, intent="delete")


def test_a_folder_without_letters_is_named(tmp_path: Path) -> None:
    with pytest.raises(LettersUnreadable, match="there are no letters"):
        read_letters(tmp_path / "nowhere", {"erase"})
