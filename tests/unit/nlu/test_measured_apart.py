"""What is measured is not trained on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
SHORT = 5
"""Words up to which a line may well be said twice by chance: "take me off the list"."""

LONG = 15
"""Words in a row that two letters only share if one was made from the other: the law's own are fewer."""

_WORD = re.compile(r"[a-z0-9']+")
_INTENT = re.compile(r"\]\([a-z_]+\)")


def test_no_measured_message_is_an_example() -> None:
    measured = {words for words in _measured() if len(words) > SHORT}
    shown = {words for words in _shown() if len(words) > SHORT}

    assert len(measured) > 1500
    assert len(shown) > 12_000
    assert sorted(measured & shown) == []


def test_no_measured_letter_has_lent_words_to_one_that_is_learned_from() -> None:
    letters = [
        _words(_INTENT.sub("]", line))
        for folder in ("letters", "marked")
        for path in (PROJECT / "data" / "understanding" / folder).glob("*.txt")
        for line in path.read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    measured = {run for words in _measured() for run in _runs(words)}

    assert len(letters) >= 1200
    # Names are hidden in those, so that whole letters would never be the same.
    assert sorted(run for words in letters for run in _runs(words) if run in measured) == []


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (words[start : start + LONG] for start in range(len(words) - LONG + 1))


def _measured() -> Iterator[tuple[str, ...]]:
    for path in (PROJECT / "tests" / "understanding").rglob("*.tsv"):
        for line in path.read_text("utf-8").splitlines():
            if not line.startswith("#") and line.count("\t") >= 2:
                yield _words(line.split("\t", 2)[2])


def _shown() -> Iterator[tuple[str, ...]]:
    files = [*(PROJECT / "data" / "nlu").rglob("*.yml"), *(PROJECT / "data" / "understanding").glob("*.txt")]
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            yield _words(line.strip().removeprefix("- "))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))
