"""Finds telephone numbers, of the United Kingdom and international, typed or dictated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms import marks
from nlu.pseudonyms.reading import Piece, Reading

REGION = "GB"

_FEWEST, _MOST = 7, 17
_MOST_LOOKUPS = 300
"""After so many, a text is no message any more: what looks like a number is hidden unasked."""
_NATIONAL = re.compile(r"0(?:1\d{9}|[2389]\d{9}|7\d{9}|5[56]\d{8})")
_SHORTER_NATIONAL = re.compile(r"0(?:1\d{8}|[58]00\d{6}|8001111|845464\d)")
_INTERNATIONAL = re.compile(r"(?:00|011)?[1-9]\d{6,14}")
_UNMARKED_UK = re.compile(r"(?:44|0044)0?(?:1\d{8,9}|[2379]\d{9}|8\d{8,9})")
_NORTH_AMERICAN = re.compile(r"\(?[2-9]\d\d\)?[ .-]?[2-9]\d\d[.-]\d{4}")
_EXTENSION = re.compile(
    r"[ ,;]{0,3}(?:\(?(?:extension|ext|extn|x)\b[ .:]{0,2}|x|#)(?:no\.? )?(\d{1,6})\)?(?!\w)", re.IGNORECASE
)
_MONEY = frozenset("£$€#")


@dataclass
class _Search:
    """A text with what bears on its numbers, and how many lookups are left."""

    doc: Doc
    reading: Reading
    lookups: int = field(default=_MOST_LOOKUPS)


class Phones:
    """Claims telephone numbers: the longest valid one that begins at each place."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the telephone numbers of a text."""
        search = _Search(doc, Reading.of(doc))
        for run in search.reading.runs:
            self._in_run(search, run)
        return doc

    def _in_run(self, search: _Search, run: list[Piece]) -> None:
        first = 0
        while first < len(run):
            taken = self._at(search, run, first) if _may_begin(search.reading, run, first) else 0
            first += max(1, taken)

    def _at(self, search: _Search, run: list[Piece], first: int) -> int:
        """Claim the number that begins at a piece; how many pieces it took."""
        digits, best = "", (0, 0, "")
        for count, piece in enumerate(run[first : first + _MOST], 1):
            digits += piece.digits
            if len(digits) > _MOST:
                break
            if len(digits) >= _FEWEST - (search.reading.asked == "phone") and _may_end(search.reading, piece):
                rank, value = _number(search, run[first : first + count], digits)
                if rank and rank >= best[0]:
                    best = (rank, count, value)
        rank, count, value = best
        if not rank:
            return 0
        start, end = _with_signs(search.reading, run[first].start, run[first + count - 1].end)
        if search.reading.free(start, end):
            end = _with_extension(search, end)
            search.reading.claim(search.doc, start, end, "phone", value)
        return count


def _may_begin(reading: Reading, run: list[Piece], index: int) -> bool:
    start = run[index].start
    if index > 0 or start == 0:
        return True
    before = reading.words[start - 1]
    if before in _MONEY and not run[index].international:
        return False
    return reading.gaps[start] or not (
        before[-1].isdecimal() or (before in ".,:/" and start > 1 and reading.words[start - 2].isdecimal())
    )


def _may_end(reading: Reading, piece: Piece) -> bool:
    after = piece.end
    if not reading.joined(after):
        return True
    if reading.words[after] in {"%", "£", "€"}:
        return False
    return not (
        reading.words[after] in ".,:" and reading.joined(after + 1) and reading.words[after + 1].isdecimal()
    )


def _number(search: _Search, pieces: list[Piece], digits: str) -> tuple[int, str]:
    """How surely digits are a telephone number (0 for not at all), and which."""
    reading, start = search.reading, pieces[0].start
    if pieces[0].international:
        return _international(search, pieces, digits)
    if start in reading.ends[marks.COUNTING] and start not in reading.ends[marks.CALLING]:
        return 0, ""
    if _NATIONAL.fullmatch(digits):
        return 3, f"+44{digits[1:]}"
    if _SHORTER_NATIONAL.fullmatch(digits) and _is_valid(search, digits):
        return 2, f"+44{digits[1:]}"
    if _UNMARKED_UK.fullmatch(digits):
        return 3, _e164("+" + digits.removeprefix("00"))
    if digits.startswith("00") and _INTERNATIONAL.fullmatch(digits):
        return _international(search, pieces, digits[2:])
    return _unmarked(search, pieces, digits)


def _unmarked(search: _Search, pieces: list[Piece], digits: str) -> tuple[int, str]:
    """A number whose surroundings make it a telephone's: asked for, announced, or written as in America."""
    text = search.reading.text
    begin = search.reading.offsets[pieces[0].start]
    last = pieces[-1].end - 1
    end = search.reading.offsets[last] + len(search.reading.words[last])
    opened = begin - 1 if begin and text[begin - 1] == "(" else begin
    if len(digits) == 10 and _NORTH_AMERICAN.fullmatch(text[opened:end]) and _is_valid(search, f"+1{digits}"):
        return 2, f"+1{digits}"
    wanted = search.reading.asked == "phone" or pieces[0].start in search.reading.ends[marks.CALLING]
    if not wanted or len(digits) > 15:
        return 0, ""
    if re.fullmatch(r"[1237]\d{9}", digits):
        return 2, f"+44{digits}"
    if digits.startswith("011") and len(digits) > 10:
        return 1, _e164("+" + digits[3:])
    return 1, digits


def _international(search: _Search, pieces: list[Piece], digits: str) -> tuple[int, str]:
    if digits.startswith("00"):
        digits = digits[2:]
    if len(pieces) > 1 and pieces[1].digits == "0" and not digits.startswith("0"):
        code = pieces[0].digits.removeprefix("00")
        digits = code + digits[len(code) + 1 :]
    if not _INTERNATIONAL.fullmatch(digits):
        return 0, ""
    if _is_valid(search, f"+{digits}"):
        return 3, _e164(f"+{digits}")
    return (1, _e164(f"+{digits}")) if len(digits) >= 9 else (0, "")


def _is_valid(search: _Search, number: str) -> bool:
    search.lookups -= 1
    if search.lookups < 0:
        return True
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, REGION))
    except NumberParseException:
        return False


def _e164(number: str) -> str:
    """A number as E.164 if it can be one at all, else as it is."""
    try:
        parsed = phonenumbers.parse(number, REGION)
    except NumberParseException:
        return number
    if number.startswith("+44") and len(str(parsed.national_number)) > 10:
        return number
    possible = phonenumbers.is_possible_number(parsed)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if possible else number


def _with_signs(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """Take in the brackets that open before a number and close in it, or the other way round."""
    inside = reading.words[start:end]
    if (
        start > 0
        and reading.words[start - 1] in "(["
        and (")" in inside or "]" in inside)
        and reading.free(start - 1, start)
    ):
        start -= 1
    return start, end


def _with_extension(search: _Search, end: int) -> int:
    reading = search.reading
    if end >= len(reading.words):
        return end
    offset = reading.offsets[end - 1] + len(reading.words[end - 1])
    match = _EXTENSION.match(search.reading.text, offset)
    if match is None:
        return end
    after = reading.token_at(match.end() - 1) + 1
    return after if reading.free(end, after) else end


@Language.factory("rightline_phones")
def _create_phones(nlp: Language, name: str) -> Phones:
    return Phones()
