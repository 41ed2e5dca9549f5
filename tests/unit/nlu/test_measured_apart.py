"""What is measured is not trained on, nor on anything that was made from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil
from pathlib import Path

Words = tuple[str, ...]

PROJECT = Path(__file__).resolve().parents[3]
SHORT = 5
"""Words up to which a line may well be said twice by chance: "take me off the list"."""

RUN = 10
"""Words in a row that two messages only share if one was made from the other."""

ALIKE = 0.65
"""The share of the words of two messages that stand in both, from which one may be made from the other."""

DIFFERENT_WORDS = 9
"""Different words from which that share says something: "please send me a copy of my data" is anybody's."""

LETTER = 60
"""Words from which a message is taken for a letter, which may recite the law."""

LETTER_RUN = 15
"""Words in a row that two letters only share if one was made from the other: the law's own are fewer."""

_WORD = re.compile(r"[a-z0-9']+")
_INTENT = re.compile(r"\]\([a-z_]+\)")


def test_no_measured_message_is_an_example() -> None:
    measured = {words for words in _measured() if len(words) > SHORT}
    shown = {words for words in _shown() if len(words) > SHORT}

    assert len(measured) > 1500
    assert len(shown) > 12_000
    assert sorted(measured & shown) == []


def test_no_example_has_lent_words_to_a_measured_message() -> None:
    shown = [words for words in _shown() if len(words) <= LETTER]
    measured = [words for words in _measured() if len(words) <= LETTER]
    runs = {run for words in measured for run in _runs(words, RUN)}

    assert len(shown) > 20_000
    assert sorted({words for words in shown if not runs.isdisjoint(_runs(words, RUN))}) == []
    assert sorted(_alike(shown, measured)) == []


def test_no_measured_letter_has_lent_words_to_one_that_is_learned_from() -> None:
    letters = [words for folder in ("letters", "marked", "context") for words in _marked(folder)]
    measured = {run for words in _measured() for run in _runs(words, LETTER_RUN)}

    assert len(letters) >= 1200
    # Names are hidden in those, so that whole letters would never be the same.
    assert sorted(run for words in letters for run in _runs(words, LETTER_RUN) if run in measured) == []


def test_messages_that_differ_in_a_word_or_two_are_found() -> None:
    measured = _words("my old boss asked you to drop me without a word to me first")
    nearly = _words("my old boss asked you to drop me without a word to anyone")
    other = _words("my old boss has a word with you about a drop in the sales figures")

    assert list(_alike([nearly, other], [measured])) == [nearly]


def _alike(shown: Iterable[Words], measured: Iterable[Words]) -> Iterator[Words]:
    """Those of which one of the others has most words, too.

    Two sets that are so alike share one of the rarest words of either: only those are compared.
    """
    others = [frozenset(words) for words in measured]
    often = Counter(word for words in others for word in words)
    by_rare: dict[str, list[frozenset[str]]] = {}
    for other in others:
        for word in _rarest(other, often):
            by_rare.setdefault(word, []).append(other)
    for words in shown:
        mine = frozenset(words)
        near = [other for word in _rarest(mine, often) for other in by_rare.get(word, [])]
        if any(len(mine & other) >= ALIKE * len(mine | other) for other in near):
            yield words


def _rarest(words: frozenset[str], often: Counter[str]) -> list[str]:
    if len(words) < DIFFERENT_WORDS:
        return []
    return sorted(words, key=lambda word: (often[word], word))[: len(words) - ceil(ALIKE * len(words)) + 1]


def _runs(words: Words, length: int) -> Iterator[Words]:
    return (words[start : start + length] for start in range(len(words) - length + 1))


def _measured() -> Iterator[Words]:
    for path in (PROJECT / "tests" / "understanding").rglob("*.tsv"):
        for line in path.read_text("utf-8").splitlines():
            if not line.startswith("#") and line.count("\t") >= 2:
                yield _words(line.split("\t", 2)[2])


def _shown() -> Iterator[Words]:
    files = [*(PROJECT / "data" / "nlu").rglob("*.yml"), *(PROJECT / "data" / "understanding").glob("*.txt")]
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            yield _words(line.strip().removeprefix("- "))
    for folder in ("marked", "context"):
        yield from _marked(folder)


def _marked(folder: str) -> Iterator[Words]:
    for path in (PROJECT / "data" / "understanding" / folder).glob("*.txt"):
        for line in path.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                yield _words(_INTENT.sub("]", line))


def _words(text: str) -> Words:
    return tuple(_WORD.findall(text.lower()))
