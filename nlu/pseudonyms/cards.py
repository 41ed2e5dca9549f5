"""Finds the numbers of payment cards."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms import marks
from nlu.pseudonyms.reading import Piece, Reading

_ISSUED = re.compile(
    r"(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|(?:6\d|5[06-8])\d{10,17}|35\d{14})"
)
_FEWEST, _MOST = 13, 19


class Cards:
    """Claims numbers that an issuer may have given out and whose check digit is right."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the card numbers of a text."""
        reading = Reading.of(doc)
        for run in reading.runs:
            first = 0
            while first < len(run):
                first += max(1, _claim_at(doc, reading, run, first))
        return doc


def passes_luhn(digits: str) -> bool:
    """Tell whether the check digit of a number is right (Luhn, ISO/IEC 7812-1)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _claim_at(doc: Doc, reading: Reading, run: list[Piece], first: int) -> int:
    start = run[first].start
    if run[first].international or (
        start in reading.ends[marks.COUNTING] and start not in reading.ends[marks.CARD]
    ):
        return 0
    digits, best = "", (0, "")
    for count, piece in enumerate(run[first : first + _MOST], 1):
        digits += piece.digits
        if len(digits) > _MOST:
            break
        if len(digits) >= _FEWEST and _ISSUED.fullmatch(digits) and passes_luhn(digits):
            best = (count, digits)
    count, digits = best
    if not count or not reading.free(start, run[first + count - 1].end):
        return 0
    reading.claim(doc, start, run[first + count - 1].end, "card", digits)
    return count


@Language.factory("rightline_cards")
def _create_cards(nlp: Language, name: str) -> Cards:
    return Cards()
