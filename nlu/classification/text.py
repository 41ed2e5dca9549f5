"""One spelling for what means the same, before a text is read.

`tidied` keeps lines, words and case, so that a message can still be cut into its sentences; `normalised` is
what the classifier reads. Both may be done again without changing anything.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Any

import yaml  # type: ignore[import-untyped]

from nlu.home import PROJECT
from nlu.placeholders.patterns import KINDS, in_words

READ_AT_MOST = 8000
"""Characters of a message that are read; the gateway takes no more."""

REMEMBERED_TEXTS = 1024
"""Texts whose reading is kept, since every step of a turn reads the same clauses."""

_APOSTROPHES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\v\f\x85]")
_BLANKS = re.compile(r"[^\S\n]+")
_SPACE = re.compile(r"\s+")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_REPEATED_SIGNS = re.compile(r"([!?.,*_=~#-])\1{2,}")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]")

_TIDY = re.compile(
    r"(?:[A-Za-z0-9 ;()'\"$%+@/]|,(?!,)|-(?!-)|:(?!/)|[.!?](?![A-Za-z0-9.!?])|(?<=\w)_(?=\w))*"
)
"""One line in which nothing is to be tidied but its spaces: most messages, read in a third of the time."""

_BREAKING_TAG = re.compile(
    r"<\s*/?\s*(?:br|p|div|li|ul|ol|tr|h[1-6]|blockquote|table)\b[^<>]{0,300}>", re.IGNORECASE
)
_HIDDEN = re.compile(
    r"<\s*(style|script|head|title)\b[^<>]{0,300}>.{0,4000}?<\s*/\s*\1\s*>", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<(?:!--.{0,2000}?--|[/!?]?[a-zA-Z][^<>]{0,600})>", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]\n]{1,300})\]\([^()\s]{1,300}\)")
_ADDRESS_ON_THE_WEB = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_LINE_MARK = re.compile(r"(?m)^[ \t]*(?:#{1,6}[ \t]+|>+[ \t]?|\|)|^[ \t]*[-=*_~]{3,}[ \t]*$|\|[ \t]*$")
_EMPHASIS = re.compile(r"(?<!\w)[*_~]{1,3}(?=\w)|(?<=[\w.,!?])[*_~]{1,3}(?!\w)|`")
_WRAPPED = re.compile(r"(?<![\n.!?:;])\n(?=[a-z(])")

_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁӏкмтнвгпАВЕКМНОРСТХУІЈЅαοεικνρτυχηΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡɑ",
    "aeopcyxijshdlkmthbrnABEKMHOPCTXYIJSaoeikvptuxnABEZHIKMNOPTYXiga",
)
_PLACEHOLDER = re.compile(r"(\b(?:" + "|".join(KINDS) + r")_\d+\b)")
_TOKEN = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_MOSTLY_LATIN = 0.6

_QUOTED_LINE = re.compile(r"(?m)^[ \t]*>.*$")
_REPEATED_WORD = re.compile(r"\b([a-z]{3,})(?: \1\b)+")
_MISSING_SPACE = re.compile(
    r"(?<=[a-z]{3})([.!?])(?=(?!(?:com|org|net|co|uk|example|html?|php|pdf|csv|docx?|xlsx?|json"
    r"|txt)\b)[A-Za-z]{2}|I\b)"
)

_EARLIER_MESSAGE = re.compile(
    r"(?m)^[ \t]*(?:-{2,}[ \t]*(?:original message|forwarded message)|on .{4,80} wrote:[ \t]*$"
    r"|from: .{1,120}\n(?:sent|to|date): )",
    re.IGNORECASE,
)


def tidied(text: str) -> str:
    """Tidy a text without changing its words: no markup, look-alikes, invisible characters or quoted history.

    Args:
        text: The message, with placeholders.

    Returns:
        The text with its lines, words and case.
    """
    text = text[:READ_AT_MOST]
    return " ".join(text.split()) if _TIDY.fullmatch(text) else _thoroughly_tidied(text)


def _thoroughly_tidied(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text)
    text = unicodedata.normalize("NFKC", _unescaped(text)).translate(_APOSTROPHES)
    text = _INVISIBLE.sub("", _without_marks(text))
    seen = text = _folded(text)
    own = _QUOTED_LINE.sub("", text)
    text = own if own.strip() else text
    earlier = _EARLIER_MESSAGE.search(text)
    if earlier and text[: earlier.start()].strip():
        text = text[: earlier.start()]
    text = _without_markup(text)
    text = _with_pictures_as_words(text)
    text = _MISSING_SPACE.sub(r"\1 ", _REPEATED_SIGNS.sub(r"\1", _WRAPPED.sub(" ", text)))
    # What is nothing but markup is read as it stands.
    return _lines(text) or _lines(seen)


def plain(text: str) -> str:
    """Tidy a text and put it on one line."""
    return _SPACE.sub(" ", tidied(text)).strip()


def normalised(text: str) -> str:
    """Return what the classifier reads: tidy, in lower case, placeholders as words, shorthand written out."""
    return _remembering(text)


def remember_every_text() -> None:
    """Keep the reading of every text from now on: for training, where each is read by many models."""
    global _remembering
    _remembering = lru_cache(maxsize=None)(_normalised)


def _normalised(text: str) -> str:
    return written_out(in_words(plain(text)).lower())


_remembering = lru_cache(maxsize=REMEMBERED_TEXTS)(_normalised)


def lowered(text: str) -> str:
    """Return a text in lower case but for its placeholders."""
    return "".join(
        piece if number % 2 else piece.lower() for number, piece in enumerate(_PLACEHOLDER.split(text))
    )


def written_out(text: str) -> str:
    """Write out what is short, and shorten what is stretched.

    Args:
        text: A line in lower case.
    """
    text = _STRETCHED.sub(r"\1\1", text)
    if not any(mark in text for mark in ".,?!"):
        dictated, sign = _patterns()["dictated"], _shorthand()["dictated"]
        text = _SPACE.sub(" ", dictated.sub(lambda match: f"{sign[match.group(1)]} ", text)).strip()
    words = _shorthand()["words"]
    text = _patterns()["words"].sub(lambda match: words[match.group()], text)
    return _REPEATED_WORD.sub(r"\1", text)


def _lines(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _unescaped(text: str) -> str:
    return html.unescape(text) if "&" in text and ";" in text else text


def _without_marks(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))


def _folded(text: str) -> str:
    if text.isascii():
        return text
    letters = [character for character in text if character.isalpha()]
    latin = sum(character.isascii() for character in letters)
    mostly = latin >= _MOSTLY_LATIN * len(letters)

    def fold(match: re.Match[str]) -> str:
        token = match.group()
        if token.isascii():
            return token
        folded = token.translate(_LOOK_ALIKES)
        return folded if folded.isascii() and (mostly or _LATIN.search(token)) else token

    return _TOKEN.sub(fold, text)


def _without_markup(text: str) -> str:
    if "<" in text and ">" in text:
        text = _TAG.sub(" ", _BREAKING_TAG.sub("\n", _HIDDEN.sub(" ", text)))
    text = _ADDRESS_ON_THE_WEB.sub(" ", _LINK.sub(r"\1", text))
    return _EMPHASIS.sub("", _LINE_MARK.sub("", text))


def _with_pictures_as_words(text: str) -> str:
    if text.isascii():
        return text
    words = _shorthand()["pictures"]
    told = "".join(
        f" {words[character]} " if character in words else " " if _is_picture(character) else character
        for character in text
    )
    return told if told.strip() else text  # a message of nothing but pictures is still one


def _is_picture(character: str) -> bool:
    return character > "\u2190" and unicodedata.category(character) in ("So", "Sk", "Cs", "Co", "Cn")


@lru_cache(maxsize=1)
def _shorthand() -> dict[str, dict[str, str]]:
    content: dict[str, Any] = yaml.safe_load(
        (PROJECT / "data" / "understanding" / "shorthand.yml").read_text(encoding="utf-8")
    )
    return {
        kind: {str(said): str(meant) for said, meant in entries.items()} for kind, entries in content.items()
    }


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    said = {kind: "|".join(map(re.escape, entries)) for kind, entries in _shorthand().items()}
    return {
        "words": re.compile(rf"(?<![\w'])(?:{said['words']})(?![\w'])"),
        "dictated": re.compile(rf"\s*\b({said['dictated']})\b"),
    }
