"""One spelling for what means the same, before a text is read."""

from __future__ import annotations

import re
import unicodedata

from nlu.placeholders.patterns import in_words

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"'})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_SPACE = re.compile(r"\s+")
_STRETCHED = re.compile(r"(\w)\1{3,}")


def plain(text: str) -> str:
    """Tidy a text without changing its words: character forms, quotes, invisible characters, space."""
    composed = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    return _SPACE.sub(" ", _INVISIBLE.sub("", composed)).strip()


def normalised(text: str) -> str:
    """Return what the classifier reads: tidy, in lower case, placeholders as words, no stretched letters."""
    return _STRETCHED.sub(r"\1\1", in_words(plain(text)).lower())
