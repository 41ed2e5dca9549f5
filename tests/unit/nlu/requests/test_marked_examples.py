"""Messages whose asking passages are marked: how they are read, and what is said of one that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.paths import PROJECT
from nlu.classification.text import normalised
from nlu.requests.acts import ASKS, REFUSES, TELLS, acts_of
from nlu.requests.marked_examples import MarkedExample, MarkedUnreadable, read_marked
from nlu.understanding.vocabulary import CONTRACT

FOLDER = PROJECT / "data" / "understanding" / "marked"
LINE = "I'm no customer of yours. [Send me my file](portability) and then [bin the lot](erase), no rush."


def marked_of(folder: Path, line: str) -> list[MarkedExample]:
    (folder / "messages.txt").write_text(f"# a note\n\n{line}\n", encoding="utf-8")
    return read_marked(folder, {"portability", "erase"})


def test_the_projects_own_messages_are_many_and_each_once() -> None:
    messages = read_marked(FOLDER, CONTRACT)

    assert len(messages) >= 800
    assert len({normalised(message.text) for message in messages}) == len(messages)
    assert sum(len(message.asking) > 1 for message in messages) > 700
    assert all(any(asks for _, asks in message.clauses()) for message in messages)


def test_what_only_the_networks_over_letters_learn_from_can_be_read_and_is_nowhere_else() -> None:
    messages = read_marked(FOLDER.with_name("context"), CONTRACT)
    others = {normalised(message.text) for message in read_marked(FOLDER, CONTRACT)}

    assert len(messages) >= 2000
    assert sum(message.only_intent is None for message in messages) > 1200
    assert not others & {normalised(message.text) for message in messages}


def test_what_stands_in_a_mark_asks_and_is_an_example_of_its_intent(tmp_path: Path) -> None:
    (message,) = marked_of(tmp_path, LINE)

    assert message.text == "I'm no customer of yours. Send me my file and then bin the lot, no rush."
    assert message.shown() == [("Send me my file", "portability"), ("bin the lot", "erase")]
    assert list(acts_of([message])) == [
        ("I'm no customer of yours.", REFUSES),
        ("Send me my file", ASKS),
        ("bin the lot", ASKS),
        ("no rush.", REFUSES),
    ]


def test_what_stands_outside_and_rules_nothing_out_tells(tmp_path: Path) -> None:
    (message,) = marked_of(tmp_path, "I moved last year. [Bin the lot](erase), please.")

    assert next(acts_of([message])) == ("I moved last year.", TELLS)


def test_a_single_word_is_an_example_of_nothing(tmp_path: Path) -> None:
    (message,) = marked_of(tmp_path, "[Erasure](erase), and [a file of it](portability)")

    assert message.shown() == [("a file of it", "portability")]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("bin the lot", r"messages\.txt:3: nothing is marked"),
        ("[bin the lot](erase) [and more", r"messages\.txt:3: a mark is not whole"),
        ("[bin the lot]", r"messages\.txt:3: a mark is not whole"),
        ("[ ](erase) and more", r"messages\.txt:3: the mark of 'erase' holds no words"),
        ("[bin the lot](eraze)", r"messages\.txt:3: there is no intent 'eraze'"),
        ("# nothing else", r"there are no messages; put some in a file such as messages\.txt"),
    ],
)
def test_what_is_wrong_with_a_message_is_named(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(MarkedUnreadable, match=problem):
        marked_of(tmp_path, line)
