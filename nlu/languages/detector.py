"""Tells that a message is not in English, and which language it is in.

A model of letter sequences (lingua, with its small models) names the language; whether the words are English
is known better from our own words, so that mistyped English is not taken for Danish. In doubt a message is
English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from nlu.classification.text import written_out
from nlu.placeholders.patterns import find_placeholders

READ_AT_MOST = 400
"""Characters that are enough to tell."""

SURE_ENOUGH = 0.85
"""The least confidence in a language that is not English."""

ENGLISH_WORDS_AT_MOST = 0.34
"""The share of English words up to which a message in Latin letters may be in another language."""

ENGLISH_ONCE_PUT_RIGHT_AT_MOST = 0.6
"""The same once its words were put right as if they were English."""

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|'(?=[^\W\d_]))+")
_LANGUAGES = """
    ENGLISH FRENCH GERMAN SPANISH ITALIAN PORTUGUESE DUTCH POLISH ROMANIAN TURKISH SWEDISH DANISH FINNISH
    CZECH SLOVAK HUNGARIAN CROATIAN BULGARIAN GREEK RUSSIAN UKRAINIAN LITHUANIAN LATVIAN ALBANIAN WELSH IRISH
    ARABIC PERSIAN HEBREW HINDI URDU BENGALI PUNJABI GUJARATI TAMIL SOMALI CHINESE JAPANESE KOREAN VIETNAMESE
    TAGALOG
"""


class KnowsEnglish(Protocol):
    """What knows English words: the speller."""

    def put_right(self, text: str) -> str:
        """Return a text in lower case with its mistyped words put right."""
        ...

    def is_of_the_examples(self, word: str) -> bool:
        """Say whether a word in lower case is one that people write to us in English."""
        ...


def language_of(text: str, english: KnowsEnglish) -> str | None:
    """Return the language a message is surely written in, if that is not English.

    Args:
        text: The message as it was written, with placeholders.
        english: What knows English words.

    Returns:
        An ISO 639-1 code, or None where it is English or cannot be told.
    """
    text = unicodedata.normalize("NFKC", text[:READ_AT_MOST])
    for placeholder in reversed(find_placeholders(text)):
        text = text[: placeholder.start] + text[placeholder.end :]
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return None
    if _foreign_script(words):
        return _named(text, 0.0)
    if len(words) < 2 or _share(words, english) > ENGLISH_WORDS_AT_MOST:
        return None
    corrected = _WORD.findall(english.put_right(written_out(" ".join(words))))
    if _share(corrected, english) > ENGLISH_ONCE_PUT_RIGHT_AT_MOST:
        return None
    return _named(text, SURE_ENOUGH)


def _share(words: Sequence[str], english: KnowsEnglish) -> float:
    return sum(map(english.is_of_the_examples, words)) / max(1, len(words))


def warm_up() -> None:
    """Load the models, so that the first message does not wait for them."""
    _named("ein Satz und another phrase", 0.0)


def _foreign_script(words: list[str]) -> bool:
    letters = "".join(words)
    foreign = sum(not unicodedata.name(letter, "LATIN").startswith("LATIN") for letter in letters)
    return 2 * foreign > len(letters)


def _named(text: str, least: float) -> str | None:
    values = _detector().compute_language_confidence_values(text)
    if not values or values[0].value < least or values[0].language == Language.ENGLISH:
        return None
    return str(values[0].language.iso_code_639_1.name.lower())


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    languages = [getattr(Language, name) for name in _LANGUAGES.split()]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
