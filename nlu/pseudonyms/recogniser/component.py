"""The last component: claims the people, companies and addresses that the trained recogniser sees."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms.kinds import MASKED
from nlu.pseudonyms.lexicon import listed
from nlu.pseudonyms.reading import Reading
from nlu.pseudonyms.recogniser.network import NETWORK
from nlu.pseudonyms.recogniser.vocabulary import STREETS, TOWNS, TRADES, Words

WORDS = "words.json"
MODEL = "model"
FINGERPRINT = "fingerprint"

_KINDS = {"PERSON": "person", "COMPANY": "company", "ADDRESS": "address"}
_TITLES = frozenset(listed("mr mrs ms miss mx dr prof sir rev lord lady dame messrs"))
_COMPANY_WORDS = frozenset(word.lower() for word in TRADES) | frozenset(
    listed("ltd limited llp plc inc group co cic sons & solicitors")
)
_STREET_WORDS = frozenset(word.lower() for word in STREETS) | frozenset(
    listed("flat unit apartment house cottage farm")
)
_INTRODUCING = frozenset(
    listed(
        """
        name names surname forename am m im is called regards mr mrs ms miss dr thanks cheers hi hello dear
        s by
        """
    )
)
_LAST_LATIN = "\u024f"
_BEFORE_PLACES = frozenset(listed("to in from at near around of"))
_TOWNS = frozenset(town.lower() for town in TOWNS)
_LONGEST_SHORTENED = 4
_JOINING = frozenset("./@=_:")
_STANDS_IN = re.compile("x[a-z]+x")
_EDGES = frozenset(" \n.,;:!?()[]\"'’-–—/\\|*_<>")


def folder() -> Path:
    """Where the trained recogniser lives; it need not exist yet."""
    configured = os.environ.get("RIGHTLINE_MODELS") or os.environ.get("RIGHTLINE_HOME")
    home = Path(configured).resolve() if configured else Path(__file__).resolve().parents[3] / ".rightline"
    return home / "recogniser"


def load(source: Path, public: Collection[str] = ()) -> Recogniser:
    """Load a trained recogniser.

    Args:
        source: where `nlu.pseudonyms.training` left it.
        public: names that are nobody's secret, such as the company's own and its products'.

    Returns:
        The component.

    Raises:
        OSError: it is not there, or not complete.
    """
    words = Words.load(source / WORDS)
    language = words.blank()
    language.add_pipe("ner", config={"model": NETWORK})
    language.from_disk(source / MODEL, exclude=["vocab", "tokenizer"])
    return Recogniser(language, words, frozenset(name.lower() for name in public))


class Recogniser:
    """Reads a text in which everything already claimed is a single word, and claims what it recognises."""

    def __init__(self, language: Language, words: Words, public: frozenset[str]) -> None:
        """Keep the trained pipeline, its words, and the names in lower case that are never hidden."""
        self._language = language
        self._words = words
        self._public = public

    def __call__(self, doc: Doc) -> Doc:
        """Claim the names, companies and addresses of a text."""
        reading = Reading.of(doc)
        words, spaces, starts = _condensed(doc, reading)
        if not words:
            return doc
        with self._language.memory_zone():
            seen = Doc(self._language.vocab, words=words, spaces=spaces)
            for _, component in self._language.pipeline:
                seen = component(seen)
            found = [(entity.start, entity.end, entity.label_) for entity in seen.ents]
        for start, end, label in found:
            start, end = self._bounds(words, start, end, label)
            before = words[start - 1].lower() if start else ""
            if start == end or _is_inside(words, spaces, start, end):
                continue
            if not self._is_plausible(words[start:end], label, before):
                continue
            first, last = starts[start], starts[end - 1] + 1
            value = " ".join(doc[first:last].text.split())
            if value.lower() not in self._public and reading.free(first, last):
                reading.claim(doc, first, last, _KINDS[label], value)
        return doc

    def _bounds(self, words: list[str], start: int, end: int, label: str) -> tuple[int, int]:
        """Leave punctuation out, and take in neighbours that can only be names ("hannah" shuttleworth)."""
        while end > start and words[end - 1] in _EDGES:
            end -= 1
        while start < end and words[start] in _EDGES:
            start += 1
        if label == "PERSON" and start < end:
            while start > 0 and self._goes_on(words[start - 1], words[start]):
                start -= 1
            while end < len(words) and self._goes_on(words[end], words[end - 1]):
                end += 1
        return start, end

    def _goes_on(self, word: str, beside: str) -> bool:
        if not word.isalpha() or word.istitle() != beside.istitle() or _STANDS_IN.fullmatch(word):
            return False
        return not self._words.is_wordlike(word)

    def _is_plausible(self, words: list[str], label: str, before: str) -> bool:
        """Refuse what is more likely something else.

        Args:
            words: the words of a span.
            label: what it is taken for.
            before: the word before it, in lower case.
        """
        if label == "ADDRESS":
            numbered = any(word[0].isdecimal() for word in words)
            return numbered and any(map(self._is_of_an_address, words))
        letters = [word for word in words if word[0].isalpha() and word.lower() not in _TITLES]
        if not any(len(word) > 1 for word in letters) or any(word[0] > _LAST_LATIN for word in letters):
            return False
        return (
            self._is_company(words, letters)
            if label == "COMPANY"
            else self._is_person(words, letters, before)
        )

    def _is_of_an_address(self, word: str) -> bool:
        return word.lower() in _STREET_WORDS or (word.istitle() and not self._words.is_wordlike(word))

    def _is_company(self, words: list[str], letters: list[str]) -> bool:
        telling = any(word.lower() in _COMPANY_WORDS for word in words)
        if all(map(self._words.is_wordlike, letters)):
            return telling and letters[0][0].isupper()
        return telling or letters[0][0].isupper()

    def _is_person(self, words: list[str], letters: list[str], before: str) -> bool:
        if any(word[0].isdecimal() for word in words):
            return False
        if len(words) == 1 and before not in _INTRODUCING:
            return not self._is_lone_word(words[0], before)
        if words[0].lower() in self._words.ordinary and "." in words and len(words[0]) > _LONGEST_SHORTENED:
            return False
        return all(word[0].isupper() for word in letters) or not all(map(self._words.is_wordlike, letters))

    def _is_lone_word(self, word: str, before: str) -> bool:
        """Tell an ordinary or mistyped word, or a town, that nothing announces as somebody's name."""
        if word.lower() in _TOWNS and before in _BEFORE_PLACES:
            return True
        if word[0].isupper():
            return word.lower() not in self._words.names and self._words.is_mistyped(word)
        return word.lower() not in self._words.names or self._words.is_mistyped(word)


def _is_inside(words: list[str], spaces: list[bool], start: int, end: int) -> bool:
    """Tell a piece of something longer, such as an address on the web or a point in time."""
    before = start > 1 and words[start - 1] in _JOINING and not spaces[start - 1] and not spaces[start - 2]
    after = end + 1 < len(words) and words[end] in _JOINING and not spaces[end - 1] and not spaces[end]
    return (before and words[start - 2].isalnum()) or (after and words[end + 1].isalnum())


def _condensed(doc: Doc, reading: Reading) -> tuple[list[str], list[bool], list[int]]:
    """The words of a text with one for each thing claimed, the blanks after them, and where each begins."""
    # What is masked looks to it like a code: it has learnt that one is nobody's name.
    claimed = {
        span.start: (span.end, f"x{'code' if span.label_ in MASKED else span.label_}x")
        for span, _ in reading.claimed(doc)
    }
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []
    index = 0
    while index < len(reading.words):
        end, word = claimed.get(index, (index + 1, reading.words[index]))
        words.append(word)
        spaces.append(end < len(reading.words) and reading.gaps[end] and reading.words[end] != "\n")
        starts.append(index)
        index = end
    return words, spaces, starts
