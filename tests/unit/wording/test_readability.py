"""What is said is plain: a reading age of about twelve, in every phrase and every letter."""

from __future__ import annotations

from functools import reduce
from operator import add

import pytest

from actions.mail import templates
from actions.wording.services import phrases
from tests.support.readability import Reading, longest_sentence, read, syllables

# Grade 7 is read at twelve. A few long words weigh heavily in a short text, so it is given a little room.
TWELVE = 7.0
SHORT_TEXT_WORDS = 12
ROOM = 1.0
LONGEST = 30
LETTERS = {
    name: templates._loaded(templates.folder() / f"{name}.yml").text for name in templates.template_ids()
}


def grade(text: str) -> float:
    found = read(text)
    assert found is not None
    return found.grade


@pytest.mark.parametrize("name", sorted(phrases()))
def test_a_phrase_is_read_at_twelve(name: str) -> None:
    text = phrases()[name]
    found = read(text)
    if found is not None and found.words >= SHORT_TEXT_WORDS:
        assert found.grade <= TWELVE + ROOM, text
    assert longest_sentence(text) <= LONGEST, text


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_a_letter_is_read_at_twelve(name: str) -> None:
    assert grade(LETTERS[name]) <= TWELVE, name
    assert longest_sentence(LETTERS[name]) <= LONGEST, name


def test_all_of_it_together_is_easier_than_that() -> None:
    for texts in (phrases().values(), LETTERS.values()):
        counted: list[Reading] = [found for text in texts if (found := read(text))]
        assert reduce(add, counted).grade <= TWELVE - 2


def test_the_measure_tells_plain_words_from_a_lawyers() -> None:
    plain = "You can ask us to stop. It costs nothing. We will tell you when it is done."
    lawyers = (
        "Notwithstanding the aforementioned provisions, the controller may, pursuant to applicable "
        "legislation, continue to process personal information where such processing is necessary for "
        "contractual performance."
    )
    assert grade(plain) < 3
    assert grade(lawyers) > 18
    counted = {
        "data": 2,
        "asked": 1,
        "deleted": 3,
        "people": 2,
        "agreement": 3,
        "the": 1,
        "we'll": 1,
        "code": 1,
    }
    assert {word: syllables(word) for word in counted} == counted
