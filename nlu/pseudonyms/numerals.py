"""Reads digits however they are written or dictated, and sets aside dates, times, prices and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms.lexicon import HOMOPHONES, REPEATS, TEENS, TENS, UNITS
from nlu.pseudonyms.reading import Piece, Reading

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:(?:19|20)\d\d|\d\d)"
_OTHER_NUMBERS = re.compile(
    rf"""
    (?<![\d.,/+-])(?:
        (?:{_DAY}([/.-]){_MONTH}|{_MONTH}([/.-]){_DAY})(?:\1|\2){_YEAR}(?![\d]|[/.-]\d)
      | (?:19|20)\d\d([/.-]){_MONTH}\3{_DAY}(?![/.-]?\d)
      | (?:19|20)\d\d\ ?[–-]\ ?(?:19|20)\d\d(?![-/ ]?\d)
      | \d\d?:\d\d(?::\d\d)?(?!\d)
      | [1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d+)?(?!\d)
      | \d+(?:[.,]\d+)?\ ?(?:%|percent\b|per\ cent\b|pounds?\b|gbp\b|eur(?:os?)?\b|usd\b|dollars?\b|quid\b)
      | (?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){{3}}(?![\d.]*\d)
    )
    | [£$€]\ ?\d[\d,.]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ALIKE = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "i": "1", "|": "1"})
_MISREAD = re.compile(r"(?=[\doOlIi]{3,})(?=(?:\D{0,2}\d){2})[\doOlIi]+")
_BETWEEN = frozenset("-./()[]–—_·•~'\"")
_SPOKEN_BETWEEN = frozenset({"dash", "hyphen", "space", "dot", "then", "and", ","})
_MOST_BETWEEN = 4
_PLUS = frozenset({"+", "plus"})


class Numerals:
    """Finds runs of digits that may belong to one number."""

    def __call__(self, doc: Doc) -> Doc:
        """Note the runs of a text in its reading."""
        reading = Reading.of(doc)
        reading.runs = list(runs(reading, _masked(reading)))
        return doc


def digits_alike(text: str) -> str:
    """A number with the letters that were typed for digits (O, l, I) put right."""
    return text.translate(_ALIKE)


def runs(reading: Reading, masked: set[int], *, homophones: bool = False) -> Iterator[list[Piece]]:
    """Group neighbouring digits.

    Args:
        reading: the text.
        masked: tokens of dates, times, prices, percentages and network addresses, which end a run.
        homophones: whether "to" and "for" count as dictated digits too.

    Yields:
        Runs of at least one piece. A plus sign begins a new one, and a line end or another word ends one.
    """
    run: list[Piece] = []
    index = 0
    while index < len(reading.words):
        piece = None if index in masked else _piece(reading, index, homophones=homophones)
        if piece is None:
            index += 1
            continue
        if run and (piece.international or not _adjoin(reading, run[0], run[-1], piece, masked)):
            yield run
            run = []
        run.append(piece)
        index = piece.end
    if run:
        yield run


def _masked(reading: Reading) -> set[int]:
    masked: set[int] = set()
    for match in _OTHER_NUMBERS.finditer(reading.text):
        masked.update(range(reading.token_at(match.start()), reading.token_at(match.end() - 1) + 1))
    return masked


def _piece(reading: Reading, index: int, *, homophones: bool) -> Piece | None:
    word = reading.lowers[index]
    if word in _PLUS:
        following = reading.lowers[index + 1] if index + 1 < len(reading.words) else "+"
        piece = None if following in _PLUS else _piece(reading, index + 1, homophones=False)
        return piece and Piece(piece.digits, index, piece.end, international=True, spelled=piece.spelled)
    end = index + 1
    while end < index + _MOST_BETWEEN and reading.joined(end) and reading.words[end].isalnum():
        end += 1
    if end > index + 1 and _MISREAD.fullmatch(whole := "".join(reading.words[index:end])):
        return Piece(digits_alike(whole), index, end)
    if word.isdecimal():
        return Piece(word, index, index + 1)
    if _MISREAD.fullmatch(word):
        return Piece(digits_alike(word), index, index + 1)
    return _spelled(reading.lowers, index, homophones=homophones)


def _spelled(words: list[str], index: int, *, homophones: bool) -> Piece | None:
    word = words[index]
    following = words[index + 1] if index + 1 < len(words) else ""
    if word in REPEATS and (digit := _unit(following)):
        return Piece(digit * REPEATS[word], index, index + 2, spelled=True)
    if word in TENS:
        if following == "-" and index + 2 < len(words) and words[index + 2] in UNITS:
            return Piece(TENS[word] + UNITS[words[index + 2]], index, index + 3, spelled=True)
        if UNITS.get(following, "0") != "0":
            return Piece(TENS[word] + UNITS[following], index, index + 2, spelled=True)
        return Piece(TENS[word] + "0", index, index + 1, spelled=True)
    if word in TEENS:
        return Piece(TEENS[word], index, index + 1, spelled=True)
    digit = UNITS.get(word) or (HOMOPHONES.get(word) if homophones else None)
    if digit and following == "hundred":
        return Piece(f"{digit}00", index, index + 2, spelled=True)
    return Piece(digit, index, index + 1, spelled=True) if digit else None


def _unit(word: str) -> str | None:
    return UNITS.get(word) or (word if len(word) == 1 and word.isdecimal() else None)


def _adjoin(reading: Reading, first: Piece, before: Piece, after: Piece, masked: set[int]) -> bool:
    """Tell whether only what may stand inside a number stands between two pieces of a run."""
    between = range(before.end, after.start)
    if len(between) > _MOST_BETWEEN:
        return False
    spoken = (before.spelled and after.spelled) or (len(before.digits) == 1 and len(after.digits) == 1)
    national = first.digits.startswith("0") or first.international
    return all(
        index not in masked
        and (
            reading.words[index] in _BETWEEN
            or (spoken and reading.lowers[index] in _SPOKEN_BETWEEN)
            or (national and reading.words[index] == "," and not reading.gaps[index + 1])
        )
        for index in between
    )


@Language.factory("rightline_numerals")
def _create_numerals(nlp: Language, name: str) -> Numerals:
    return Numerals()
