"""Finds the numbers of payment cards, and the security codes and dates that go with them."""

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
_FEWEST_MISTYPED = 15
_FEWEST_WHERE_PHONE = 16
_SECURITY_CODE = re.compile(
    r"(?<![^\W_])(?:cvv2?|cvc2?|cv2|csc|security (?:code|number))"
    r"(?: ?(?:is|was|:|=|-|number|code|no)){0,2} ?(?P<value>\d{3,4})(?![^\W_])",
    re.IGNORECASE,
)
_EXPIRY = re.compile(
    r"(?<![^\W_])(?:exp(?:iry|ires|iration)?|valid)(?: date)?"
    r"(?: ?(?:is|:|=|on|to|until|thru|through|end)){0,2} ?"
    r"(?P<value>(?:0?[1-9]|1[0-2]) ?[/-] ?(?:20)?\d\d)(?![^\W_])",
    re.IGNORECASE,
)
_SURE_OF_A_CARD = re.compile(r"cv|csc", re.IGNORECASE)


class Cards:
    """Claims numbers that an issuer may have given out and whose check digit is right."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the card numbers of a text."""
        reading = Reading.of(doc)
        found = 0
        for run in reading.runs:
            first = 0
            while first < len(run):
                taken = _claim_at(doc, reading, run, first)
                found += bool(taken)
                first += max(1, taken)
        for form in (_SECURITY_CODE, _EXPIRY):
            for match in form.finditer(reading.text):
                if found or _SURE_OF_A_CARD.match(match.group()):
                    reading.claim_text(doc, match.start("value"), match.end("value"), "card", "")
        return doc


def passes_luhn(digits: str) -> bool:
    """Tell whether the check digit of a number is right (Luhn, ISO/IEC 7812-1)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _claim_at(doc: Doc, reading: Reading, run: list[Piece], first: int) -> int:
    start = run[first].start
    announced = start in reading.ends[marks.CARD]
    if run[first].international or (start in reading.ends[marks.COUNTING] and not announced):
        return 0
    digits, best = "", 0
    for count, piece in enumerate(run[first : first + _MOST], 1):
        digits += piece.digits
        if len(digits) > _MOST:
            break
        if len(digits) >= _fewest(reading) and _ISSUED.fullmatch(digits):
            # One that the text calls a card's is hidden with a digit mistyped as well.
            mistyped = announced and len(digits) >= _FEWEST_MISTYPED
            best = count if passes_luhn(digits) or mistyped else best
    if not best or not reading.free(start, run[first + best - 1].end):
        return 0
    reading.claim(doc, start, run[first + best - 1].end, "card", "")
    return best


def _fewest(reading: Reading) -> int:
    # A telephone number of another country may have as many as fifteen digits, and pass.
    return _FEWEST_WHERE_PHONE if reading.asked == "phone" else _FEWEST


@Language.factory("rightline_cards")
def _create_cards(nlp: Language, name: str) -> Cards:
    return Cards()
