"""Finds references of cases (`PR-7F3K-9Q2M`), however they are typed."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms import marks
from nlu.pseudonyms.lexicon import FOUR_LETTERS, UNITS
from nlu.pseudonyms.reading import Reading

_LETTER = "[0-9A-TV-Za-tv-z]"
_BLANKS = r"[ \-–—_./:]"
_SEPARATOR = rf"(?:[ ](?:dash|hyphen)[ ]|{_BLANKS}{{0,3}})"
_GROUP = rf"({_LETTER}{{4}}|{_LETTER}(?: {_LETTER}){{3}})"
_WITH_PREFIX = re.compile(
    rf"(?<![^\W_])p[ .-]?r\.?({_SEPARATOR}){_GROUP}{_SEPARATOR}{_GROUP}(?![^\W_])", re.IGNORECASE
)
_WITHOUT_PREFIX = re.compile(rf"(?<![\w-])(?=({_LETTER}{{4}})[ –—-]({_LETTER}{{4}})(?![\w-]))")
_DIGIT = "|".join(sorted(UNITS, key=len, reverse=True))
_SPOKEN = re.compile(
    rf"(?<![^\W_])p[ .-]?r\b[ ,.-]{{1,3}}(?:(?:dash|hyphen) )?"
    rf"((?:(?:{_DIGIT}|{_LETTER})(?:[ ,]{{1,2}}(?:dash|hyphen))?[ ,-]{{1,2}}){{7}}(?:{_DIGIT}|{_LETTER}))"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_SPOKEN_SEPARATORS = frozenset({"dash", "hyphen"})
_SEPARATED = re.compile(r"[-–—_./:]|dash|hyphen", re.IGNORECASE)
_EXACT = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}")
_VOWELS = re.compile("[AE]")
_MOST_VOWELS = 2
"""Words in a reference's alphabet that begin with "pr", such as "preference", have more of its vowels."""
_WORDS = frozenset({"ANKSTERS", "ESSGANGS", "ESSMARKS"})
_MIXED = re.compile(r"(?=.*\d)(?=.*[^\W\d])(?!\d+[a-zA-Z]{1,2}$)\w{4}")
_SUBSTITUTES = str.maketrans("OIL", "011")


class References:
    """Claims references that begin with PR, and those without where the text announces one."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the references of a text."""
        reading = Reading.of(doc)
        for match in _SPOKEN.finditer(reading.text):
            words = re.findall(r"\w+", match.group(1).lower())
            letters = "".join(UNITS.get(word, word) for word in words if word not in _SPOKEN_SEPARATORS)
            reading.claim_text(doc, match.start(), match.end(), "reference", normal(letters))
        for match in _WITH_PREFIX.finditer(reading.text):
            letters = re.sub(" ", "", match.group(2) + match.group(3)).upper()
            if _plausible(match, letters, announced=_announced(reading, match.start())):
                reading.claim_text(doc, match.start(), match.end(), "reference", normal(letters))
        for match in _WITHOUT_PREFIX.finditer(reading.text) if reading.ends[marks.REFERENCE] else ():
            letters = match.group(1) + match.group(2)
            mixed = re.search(r"\d", letters) and re.search(r"[^\W\d]", letters)
            if mixed and _announced(reading, match.start()):
                reading.claim_text(doc, match.start(1), match.end(2), "reference", normal(letters))
        return doc


def normal(letters: str) -> str:
    """A reference as it is compared, from its eight letters (Crockford's base 32: O is 0, I and L are 1)."""
    exact = re.sub(r"\s", "", letters).upper().translate(_SUBSTITUTES)
    return f"PR-{exact[:4]}-{exact[4:]}"


def _announced(reading: Reading, offset: int) -> bool:
    return reading.token_at(offset) in reading.ends[marks.REFERENCE]


def _plausible(match: re.Match[str], letters: str, *, announced: bool) -> bool:
    """Tell a reference from words that happen to follow "PR", or to begin with it."""
    typed = match.group()
    separators = len(_SEPARATED.findall(typed))
    if separators >= 2 or (announced and typed.isupper()):
        return True
    groups = (letters[:4], letters[4:])
    if not match.group(1):
        return not letters.isalpha() or _unlike_a_word(letters)
    if any(group.lower() in FOUR_LETTERS for group in groups) and not any(map(_MIXED.fullmatch, groups)):
        return announced and separators > 0
    if letters.isdecimal():
        return announced
    return not letters.isalpha() or _EXACT.fullmatch(letters) is not None


def _unlike_a_word(letters: str) -> bool:
    if letters in _WORDS or not _EXACT.fullmatch(letters):
        return False
    return len(_VOWELS.findall(letters)) <= _MOST_VOWELS


@Language.factory("rightline_references")
def _create_references(nlp: Language, name: str) -> References:
    return References()
