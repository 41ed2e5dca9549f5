"""Finds the six-digit codes that a contact reads back."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms import marks
from nlu.pseudonyms.lexicon import UNITS
from nlu.pseudonyms.numerals import digits_alike, runs
from nlu.pseudonyms.reading import Piece, Reading

LENGTH = 6
_GROUPINGS = (
    [6],
    [3, 3],
    [2, 2, 2],
    [1, 1, 1, 1, 1, 1],
    [1, 2, 3],
    [4, 2],
    [2, 4],
    [1, 5],
    [5, 1],
    [3, 2, 1],
)
_MISREAD = re.compile(r"(?=(?:\D{0,3}\d){3})[\doOlIi]{6}")
_CALLED_ONE = re.compile(
    r"(?<![\w.,£$€-])(?P<value>\d(?:[ -]?\d){5}) (?:is|was|as|for) (?:my|the|your|a)(?: [\w-]+)? "
    r"(?:code|passcode|otp)(?![^\W_])",
    re.IGNORECASE,
)
_WHOLE_REPLY = re.compile(r"\W*(\d{3}),(\d{3})\W*")
_MONEY = frozenset("£$€")
_FEWEST_SURE = 4


class Codes:
    """Claims six digits as a code: where one was asked for, or where the text says that it is one."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the codes of a text."""
        reading = Reading.of(doc)
        asked = reading.asked == "code"
        for match in _CALLED_ONE.finditer(reading.text):
            value = "".join(filter(str.isdecimal, match.group("value")))
            reading.claim_text(doc, match.start("value"), match.end("value"), "code", value)
        if asked and (whole := _WHOLE_REPLY.fullmatch(reading.text)):
            reading.claim_text(doc, whole.start(1), whole.end(2), "code", whole[1] + whole[2])
        if not asked and not reading.ends[marks.CODE] - reading.ends[marks.OTHER_CODE]:
            return doc
        found = [self._in_run(doc, reading, run) for run in reading.runs]
        if asked and not any(found):
            for index, word in enumerate(reading.words):
                other = index in reading.ends[marks.COUNTING] or reading.words[max(0, index - 1)] in _MONEY
                if _MISREAD.fullmatch(word) and not other and reading.free(index, index + 1):
                    reading.claim(doc, index, index + 1, "code", digits_alike(word))
            for run in runs(reading, set(), homophones=True):
                self._dictated(doc, reading, run)
        return doc

    def _in_run(self, doc: Doc, reading: Reading, run: list[Piece]) -> bool:
        """Claim the six-digit groups of a run; the whole run, or the groups that people write."""
        found, first = False, 0
        while first < len(run):
            count = _code_at(reading, run, first)
            if count:
                pieces = run[first : first + count]
                reading.claim(
                    doc, pieces[0].start, pieces[-1].end, "code", "".join(piece.digits for piece in pieces)
                )
                found = True
            first += max(1, count)
        return found

    def _dictated(self, doc: Doc, reading: Reading, run: list[Piece]) -> None:
        """Claim six dictated digits among which one or two sound like other words."""
        for first in range(len(run)):
            count, digits = _six(run, first)
            pieces = run[first : first + count]
            sure = sum(
                reading.lowers[piece.start] in UNITS or (piece.digits.isdecimal() and not piece.spelled)
                for piece in pieces
            )
            if (
                pieces[0].start not in reading.ends[marks.COUNTING]
                and len(digits) == LENGTH
                and sure >= _FEWEST_SURE
                and reading.free(pieces[0].start, pieces[-1].end)
            ):
                reading.claim(doc, pieces[0].start, pieces[-1].end, "code", digits)
                return


def _six(run: list[Piece], first: int) -> tuple[int, str]:
    digits, count = "", 0
    while len(digits) < LENGTH and first + count < len(run):
        digits += run[first + count].digits
        count += 1
    return count, digits


def _code_at(reading: Reading, run: list[Piece], first: int) -> int:
    """How many pieces from one on are a code; 0 for none."""
    count, digits = _six(run, first)
    if len(digits) != LENGTH or not _stands_apart(reading, run, first, count):
        return 0
    pieces = run[first : first + count]
    if not reading.free(pieces[0].start, pieces[-1].end) or any(piece.international for piece in pieces):
        return 0
    whole = first == 0 and count == len(run)
    if not whole and [len(piece.digits) for piece in pieces] not in _GROUPINGS[:4]:
        return 0
    start = pieces[0].start
    cued = start in reading.ends[marks.CODE] and start not in reading.ends[marks.OTHER_CODE]
    wanted = reading.asked == "code" and start not in reading.ends[marks.COUNTING]
    return count if cued or wanted else 0


def _stands_apart(reading: Reading, run: list[Piece], first: int, count: int) -> bool:
    """Refuse digits that go on, or that are money."""
    start, end = run[first].start, run[first + count - 1].end
    before = reading.words[start - 1] if start else ""
    if before in _MONEY or (
        before in {".", ","}
        and not reading.gaps[start]
        and start > 1
        and reading.words[start - 2].isdecimal()
    ):
        return False
    if first + count < len(run) and len(run[first + count].digits) == 1 and len(run[first].digits) == 1:
        return False
    follows = reading.words[end] if reading.joined(end) else ""
    return not (follows in {".", ",", ":"} and reading.joined(end + 1) and reading.words[end + 1].isdecimal())


@Language.factory("rightline_codes")
def _create_codes(nlp: Language, name: str) -> Codes:
    return Codes()
