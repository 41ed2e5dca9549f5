"""Makes a contact's text safe to read: one spelling for what looks the same, and nothing that is not seen."""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from functools import cache

from nlu.pseudonyms.kinds import TYPED_PLACEHOLDER

LOOK_ALIKES = str.maketrans(
    # Cyrillic and Greek letters, then Armenian and Cherokee ones, each above the Latin one it passes for.
    "АВЕЅІЈКМНОРСТУХҮԌԚԜаеѕіјорсухүһԁԛԝɡѵкмтнвӏԍΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχϲϳՏՕօոսցհզյᎪᏴᏟᎠᎬᎻᎢᎫᏦᏞᎷᏢᏒᏚᎳᏃ",
    "ABESIJKMHOPCTYXYGQWaesijopcyxyhdqwgvkmthblgABEZHIKMNOPTYXaikvopuxcjSUonughqjABCDEHTJKLMPRSWZ",
)
"""Letters of other alphabets that pass for Latin ones."""

_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_HYPHENS = re.compile("[\u2010\u2011\u2212\u02d7]")
_FOREIGN_STOP = re.compile("(?<=[!-~])[\u3002\uff61](?=[!-~])")
_SPACES = re.compile("[^\\S\n]+")
_LEADING = re.compile(r"[\s/]+")
_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_ESCAPED_AT = re.compile(r"(?<=[^\W\d_])%40(?=[^\W\d_])")
_CHUNK = re.compile(r"\S*[^\x00-\x7f]\S*")
_SEGMENT = re.compile(r"[^\W_]+")
_ASCII_LETTER = re.compile("[A-Za-z]")
_FIRST_GREEK = "\u0370"
_ROUNDS = 4


def clean(text: str) -> str:
    """Normalise a text that a contact typed.

    Compatibility forms become plain (NFKC), digits of every script ASCII digits, HTML entities their
    characters; zero-width, bidirectional and other control characters go, spaces are single, line ends `\\n`.
    Letters of other alphabets that stand in for Latin ones in an identifier are folded. Leading slashes are
    stripped, since they would name an intent to the engine, and a placeholder that the contact typed
    (`EMAIL_1`) loses its underscore, so that it names nothing.

    Args:
        text: any text at all.

    Returns:
        The text to read and to store; cleaning it again changes nothing.
    """
    for _ in range(_ROUNDS):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _clean_once(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(f"&{match.group(1)};"), text)
    if "%40" in text:
        text = _ESCAPED_AT.sub("@", text)
    text = _LINE_END.sub("\n", text)
    if not (text.isascii() and text.isprintable()):
        text = _plain(text)
    text = _SPACES.sub(" ", text)
    text = _LEADING.sub("", text, count=1) if _LEADING.match(text) else text
    return TYPED_PLACEHOLDER.sub(r"\1 ", text.rstrip())


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = _HYPHENS.sub("-", text).translate(_table())
    text = _FOREIGN_STOP.sub(".", _INVISIBLE.sub("", text))
    if not text.isascii():
        text = _CHUNK.sub(_fold, text)
    return unicodedata.normalize("NFKC", text)


def _fold(match: re.Match[str]) -> str:
    """Fold look-alikes in an identifier, and leave words and addresses of other languages alone."""
    chunk = match.group()
    latin = _ASCII_LETTER.search(chunk) is not None
    at = chunk.rfind("@")

    def folded(segment: re.Match[str]) -> str:
        word = segment.group()
        if word.isascii():
            return word
        mixed = any(character.isascii() for character in word)
        if not (mixed or (latin and segment.start() > at)):
            return word
        plain = word.translate(LOOK_ALIKES)
        return plain if all(character < _FIRST_GREEK for character in plain) else word

    return _SEGMENT.sub(folded, chunk)


@cache
def _table() -> dict[int, str | None]:
    """What becomes of characters by category: format characters go, controls are spaces, digits are ASCII."""
    table: dict[int, str | None] = {}
    for point in range(0x80, sys.maxunicode + 1):
        category = unicodedata.category(chr(point))
        if category == "Cf":
            table[point] = None
        elif category in {"Zs", "Cc"}:
            table[point] = " "
        elif category == "Cs":
            table[point] = "\ufffd"
        elif category == "Nd":
            table[point] = str(unicodedata.decimal(chr(point)))
    table.update({point: " " for point in range(0x20) if chr(point) != "\n"})
    table[0x7F] = " "
    return table
