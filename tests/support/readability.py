"""How hard a text is to read: the Flesch-Kincaid grade, counted by ourselves.

A grade is a school year in the United States: a reading age of twelve is grade 6 to 7. Names, addresses and
citations are no measure of how plain a sentence is, so they are counted as one short word each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BLANK = re.compile(r"\{[^{}]*\}")
CITATION = re.compile(r"\((?:policy|section|sections|UK GDPR|DPA)[^)]*\)")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\b(?:www\.)?[\w-]+\.(?:co\.uk|example|org\.uk)\S*")
REFERENCE = re.compile(r"\b[A-Z]{2}-\w{4}-\w{4}\b")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n[ \t]*(?:\n|- )\s*|:\s*\n")
WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
SILENT_END = re.compile(r"(?:[^laeiouy]es|[^aeiouytd]ed|[^laeiouy]e)$")


@dataclass(frozen=True)
class Reading:
    """What was counted."""

    sentences: int
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    def __add__(self, other: Reading) -> Reading:
        return Reading(
            self.sentences + other.sentences, self.words + other.words, self.syllables + other.syllables
        )


def read(text: str) -> Reading | None:
    """Count a text; None when it has no words."""
    plain = CITATION.sub(" ", text)
    for pattern in (ADDRESS, REFERENCE, BLANK):
        plain = pattern.sub("this", plain)
    parts = [WORD.findall(part) for part in SENTENCE_END.split(plain)]
    sentences = [words for words in parts if words]
    if not sentences:
        return None
    words = [word for sentence in sentences for word in sentence]
    return Reading(len(sentences), len(words), sum(map(syllables, words)))


def syllables(word: str) -> int:
    """How many syllables an English word has, about: groups of vowels, without a silent ending."""
    plain = word.lower().replace("’", "'").split("'")[0]
    if len(plain) <= 3:
        return 1
    return max(1, len(re.findall(r"[aeiouy]+", SILENT_END.sub(lambda end: end.group()[0], plain))))


def longest_sentence(text: str) -> int:
    """The number of words of the longest sentence."""
    plain = BLANK.sub("this", CITATION.sub(" ", text))
    return max((len(WORD.findall(part)) for part in SENTENCE_END.split(plain)), default=0)
