"""The last component: claims the people, companies and addresses that the trained recogniser sees."""

from __future__ import annotations

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
COMPLETE = "complete"
"""The file that is written last: whoever finds it finds the rest."""

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
        name names surname forename am m im is called regards mr mrs ms miss dr thanks cheers hi hello
        dear s by
        """
    )
)
_RELATED = frozenset(
    listed(
        """
        husband wife son daughter mother father mum dad brother sister uncle aunt partner colleague boss
        assistant employ dear ask asked called signatory agent cheers thanks regards
        """
    )
)
_CLOSING = frozenset(listed("regards wishes sincerely faithfully thanks cheers best name surname ta truly"))
_SPEAKING = frozenset(listed("spoke speak spoken talk talked talking speaking through"))
_SENTENCE_ENDS = frozenset(".!?\n")
_SAID_OF_PEOPLE = frozenset(
    listed(
        """
        here speaking again writing told tells said says asked asks keeps kept gave sent called calls
        wants wanted works worked left died signed from of wrote replied promised thinks thought
        """
    )
) | {"\n"}
_SINGLE_WORDS = frozenset(listed("a i"))
_SHORTEST_ALONE = 4
_MOST_IN_LOWER_CASE = 3
_LOOKED_AT = 3
_LAST_LATIN = "\u024f"
_BEFORE_PLACES = frozenset(listed("to in from at near around of"))
_TOWNS = frozenset(town.lower() for town in TOWNS)
_LONGEST_SHORTENED = 4
_JOINING = frozenset("./@=_:")
_STANDS_IN = re.compile("x[a-z]+x")
_APOSTROPHES = frozenset("'’")
_ARTICLES = frozenset(listed("a an the no any some each every"))

_EDGES = frozenset(" \n.,;:!?()[]\"'’-–—/\\|*_<>")


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
            before = [word.lower() for word in words[max(0, start - _LOOKED_AT) : start]]
            if start == end or _is_inside(words, spaces, start, end) or _is_cut_short(words, end):
                continue
            if not self._is_plausible(words[start:end], label, before):
                continue
            if end - start == 1 and self._only_begins_a_sentence(words, start):
                continue
            first, last = starts[start], starts[end - 1] + 1
            value = " ".join(doc[first:last].text.split())
            if not self._is_public(value) and reading.free(first, last):
                reading.claim(doc, first, last, _KINDS[label], value)
        return doc

    def _only_begins_a_sentence(self, words: list[str], index: int) -> bool:
        """Tell "Bill us" and "Joy, another one" from "Grace here": words that are names too."""
        starts = index == 0 or words[index - 1] in _SENTENCE_ENDS
        announced = _announces([word.lower() for word in words[max(0, index - _LOOKED_AT) : index]])
        if not starts or announced or words[index].lower() not in self._words.ordinary:
            return False
        return index + 1 < len(words) and words[index + 1].lower() not in _SAID_OF_PEOPLE

    def _is_public(self, value: str) -> bool:
        return value.lower() in self._public or value.lower() in self._words.public

    def _bounds(self, words: list[str], start: int, end: int, label: str) -> tuple[int, int]:
        """Leave punctuation out, and take in neighbours that can only be names ("hannah" shuttleworth)."""
        while end > start and words[end - 1] in _EDGES:
            end -= 1
        while start < end and words[start] in _EDGES:
            start += 1
        if label == "ADDRESS":
            end = self._end_of_address(words, start, end)
        if label == "PERSON" and start < end:
            while start > 0 and self._goes_on(words[start - 1], words[start]):
                start -= 1
            while end < len(words) and (taken := self._taken_after(words, start, end)):
                end += taken
        return start, end

    def _end_of_address(self, words: list[str], start: int, end: int) -> int:
        """Leave out the first word of what follows an address: "Flat 6, shift", "Sprake Park. Finally"."""
        if end - start < 3 or words[end - 2] not in _EDGES:
            return end
        word = words[end - 1].lower()
        belongs = word in _TOWNS or word in _STREET_WORDS or word not in self._words.ordinary
        return end if belongs else end - 2

    def _taken_after(self, words: list[str], start: int, end: int) -> int:
        """How many words after a name belong to it: a further name, or the other half of a double one."""
        last, word = words[end - 1], words[end]
        if self._goes_on(word, last):
            return 1
        capital = last.istitle() and word.istitle() and len(word) > 1
        if capital and word.isalpha() and end - start == 1 and word.lower() not in self._words.telling:
            return 1
        if word == "-" and end + 1 < len(words) and words[end + 1].isalpha() and last.isalpha():
            return 2
        is_listed = word == "," and end + 1 < len(words) and last.istitle() and words[end + 1].istitle()
        return 2 if is_listed and words[end + 1].lower() in self._words.names else 0

    def _goes_on(self, word: str, beside: str) -> bool:
        if not word.isalpha() or word.istitle() != beside.istitle() or _STANDS_IN.fullmatch(word):
            return False
        return not self._words.is_wordlike(word)

    def _is_plausible(self, words: list[str], label: str, before: list[str]) -> bool:
        """Refuse what is more likely something else.

        Args:
            words: the words of a span.
            label: what it is taken for.
            before: the words before it, in lower case.
        """
        if label == "ADDRESS":
            numbered = any(word[0].isdecimal() for word in words)
            return numbered and any(map(self._is_of_an_address, words))
        letters = [word for word in words if word[0].isalpha() and word.lower() not in _TITLES]
        if not any(len(word) > 1 for word in letters) or any(word[0] > _LAST_LATIN for word in letters):
            return False
        if label == "COMPANY" and self._is_company(words, letters):
            return True
        # What was taken for a firm may be somebody: "Winston", "mark hill".
        return self._is_person(words, letters, before)

    def _is_of_an_address(self, word: str) -> bool:
        return word.lower() in _STREET_WORDS or (word.istitle() and not self._words.is_wordlike(word))

    def _is_company(self, words: list[str], letters: list[str]) -> bool:
        telling = any(word.lower() in _COMPANY_WORDS for word in words)
        if all(map(self._words.is_wordlike, letters)):
            return telling and letters[0][0].isupper()
        return telling or letters[0][0].isupper()

    def _is_person(self, words: list[str], letters: list[str], before: list[str]) -> bool:
        if any(word[0].isdecimal() for word in words):
            return False
        if len(letters) > _MOST_IN_LOWER_CASE and all(map(str.islower, letters)):
            return False  # rather a sentence of another language
        if words[0].lower() in _TITLES and len(words) > 1:
            return letters[0][0].isupper() or not all(map(self._is_telling, letters))
        if len(words) == 1 and not (before and before[-1] in _INTRODUCING):
            return not self._is_lone_word(words[0], before)
        if words[0].lower() in self._words.ordinary and "." in words and len(words[0]) > _LONGEST_SHORTENED:
            return False
        if all(word[0].isupper() for word in letters):
            return True
        if len(words[0]) == 1 and len(letters) > 1 and not self._is_telling(letters[-1]):
            return words[0] not in _SINGLE_WORDS or "." in words
        return not all(map(self._words.is_wordlike, letters))

    def _is_telling(self, word: str) -> bool:
        return word.lower() in self._words.telling

    def _is_lone_word(self, word: str, before: list[str]) -> bool:
        """Tell an ordinary or mistyped word, or a town, that nothing announces as somebody's name."""
        lower = word.lower()
        if word == lower and before and before[-1] in _ARTICLES:
            return True  # "not a penny"
        if lower in _TOWNS and before and before[-1] in _BEFORE_PLACES:
            return True
        known = lower in self._words.names
        if word[0].isupper():
            return not known and self._words.is_mistyped(word)
        if lower in self._words.ordinary:
            return not (known and _announces(before))
        if _announces(before):
            return not known and self._words.is_mistyped(word)
        return not known or len(lower) < _SHORTEST_ALONE or self._words.is_mistyped(word, telling=True)


def _announces(before: list[str]) -> bool:
    """Tell whether the words before one make it a name: "my husband", "Kind regards," and the like."""
    if not before:
        return False
    last, previous = before[-1], before[-2] if len(before) > 1 else ""
    if last in {",", "\n", ":", "-"}:
        return previous in _CLOSING or (
            previous in {",", "\n"} and len(before) > 2 and before[-3] in _CLOSING
        )
    return (
        last in _RELATED
        or (last == "be" and previous == "should")
        or (last == "to" and previous in _SPEAKING)
    )


def _is_inside(words: list[str], spaces: list[bool], start: int, end: int) -> bool:
    """Tell a piece of something longer, such as an address on the web or a point in time."""
    before = start > 1 and words[start - 1] in _JOINING and not spaces[start - 1] and not spaces[start - 2]
    after = end + 1 < len(words) and words[end] in _JOINING and not spaces[end - 1] and not spaces[end]
    return (before and words[start - 2].isalnum()) or (after and words[end + 1].isalnum())


def _is_cut_short(words: list[str], end: int) -> bool:
    """Tell a verb that is not: "I shan't"."""
    return end + 1 < len(words) and words[end] in _APOSTROPHES and words[end + 1].lower() == "t"


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
