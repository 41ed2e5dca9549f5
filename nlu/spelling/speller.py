"""Puts mistyped words right, as far as the training examples know what was meant."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.classification.text import lowered, tidied, written_out

SHORTEST = 4
"""Letters of the shortest word that is put right; shorter ones are like too many others."""

LONGEST = 24
CORRECTED_AT_MOST = 60
"""Words of a message that are looked up, so that pages of gibberish cost no time."""

SURELY_A_WORD = 12
"""How often the examples must have a word that no dictionary knows, such as "gdpr"."""

MEANT_AT_LEAST = 3
"""How often they must have a word to which another is put right."""

TWO_MISTAKES_FROM = 7
"""Letters from which on a word may hold two mistakes."""

_COMMONER_IS_LIKELIER = 0.16
_OTHER_FIRST_LETTER = 0.6
_COSTS_AT_MOST = {1: 1.1, 2: 1.75}

_WORD = re.compile(r"[a-z][a-z']*")
_SPACED = re.compile(r"(?<![\w'])(?:[a-z][ .*_-]{1,2}){3,}[a-z](?![\w'])")
_DISGUISED = re.compile(r"(?<![\w@$'])(?=\S*[a-z]\S*[a-z])[a-z0-9@$!]*[0-9@$][a-z0-9@$!]*(?![\w@$'])")
_BROKEN = re.compile(r"(?<![\w'])[a-z]+(?:[*_-]+[a-z]+)+(?![\w'])")
_AS_LETTERS = str.maketrans("013457@$", "oieastas")
_DOUBLED = re.compile(r"([a-z])\1+")


_SMALL = ("i", "a", "me", "my", "of", "to", "in", "it", "is", "on", "up", "us", "do", "no", "be", "so", "we")
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "'s")


def _stems(word: str) -> Iterator[str]:
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        # "acess" is no plural.
        if stem != word and len(stem) >= SHORTEST and not (ending == "s" and stem[-1] == "s"):
            yield stem
            if ending in ("ing", "ed", "er", "ers"):
                yield stem + "e"
                yield stem[:-1] if stem[-1] == stem[-2] else stem


class Speller:
    """Knows the words of the examples, and those of a dictionary as words not to touch."""

    def __init__(self, counts: Mapping[str, int], dictionary: Collection[str]) -> None:
        """Learn the words.

        Args:
            counts: How often the examples have each word.
            dictionary: Words that are right, whether the examples have them or not.
        """
        self._counts = dict(counts)
        self._dictionary = frozenset(dictionary)
        self._meant = sorted(
            word
            for word, count in self._counts.items()
            if count >= MEANT_AT_LEAST and self.is_known(word) and len(word) >= SHORTEST - 1
        )
        self._meant_words = frozenset(self._meant)
        self._best = lru_cache(maxsize=4096)(self._best_uncached)
        self._as_long = lru_cache(maxsize=2 * LONGEST)(self._as_long_uncached)

    @classmethod
    def of(cls, texts: Iterable[str], dictionary: Collection[str]) -> Speller:
        """Learn the words of texts.

        Args:
            texts: The examples, as the classifier reads them.
            dictionary: Words that are right.
        """
        counts = Counter(word for text in texts for word in _WORD.findall(text))
        return cls({word: count for word, count in counts.items() if count >= MEANT_AT_LEAST}, dictionary)

    def is_known(self, word: str) -> bool:
        """Say whether a word is left as it is."""
        return self._is_listed(word) or "'" in word or any(map(self._is_listed, _stems(word)))

    def read(self, text: str) -> str:
        """Return a message as it was meant: tidy, in lower case, put right; lines and placeholders stay.

        Args:
            text: The message, with placeholders.
        """
        # Spaced letters come first: alone, some of them stand for words.
        lines = (_SPACED.sub(self._together, line) for line in lowered(tidied(text)).split("\n"))
        return "\n".join(self.put_right(written_out(line)) for line in lines)

    def _is_listed(self, word: str) -> bool:
        return word in self._dictionary or self._counts.get(word, 0) >= SURELY_A_WORD

    def is_of_the_examples(self, word: str) -> bool:
        """Say whether the examples have a word, and not as a mistake."""
        return word in self._meant_words or (
            len(word) < SHORTEST and self._counts.get(word, 0) >= SURELY_A_WORD
        )

    def put_right(self, text: str) -> str:
        """Return a text with its mistyped words put right.

        Args:
            text: A text as the classifier reads it: in lower case, placeholders as words.
        """
        text = _SPACED.sub(self._together, text)
        text = _DISGUISED.sub(self._undisguised, text)
        text = _BROKEN.sub(self._mended, text)
        budget = CORRECTED_AT_MOST

        def corrected(match: re.Match[str]) -> str:
            nonlocal budget
            word = match.group()
            if self.is_known(word) or budget <= 0:
                return word
            budget -= 1
            return self._best(word)

        return self._joined(_WORD.sub(corrected, text))

    def save(self, folder: Path) -> None:
        """Write the words of the examples into a folder."""
        (folder / "spelling.json").write_text(json.dumps(self._counts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, dictionary: Collection[str]) -> Speller:
        """Read what `save` wrote."""
        return cls(json.loads((folder / "spelling.json").read_text(encoding="utf-8")), dictionary)

    def _best_uncached(self, word: str) -> str:
        if not SHORTEST <= len(word) <= LONGEST:
            return word
        single = _DOUBLED.sub(r"\1", word)
        if single in self._meant_words:
            return single
        furthest = 2 if len(word) >= TWO_MISTAKES_FROM else 1
        alike = self._as_long(len(word), furthest)
        near = process.extract(word, alike, scorer=OSA.distance, score_cutoff=furthest, limit=12)
        costs = [(self._cost(word, found, int(distance)), found) for found, distance, _ in near]
        if costs and min(costs)[0] <= _COSTS_AT_MOST[furthest]:
            return min(costs)[1]
        return self._parted(word)

    def _as_long_uncached(self, letters: int, mistakes: int) -> list[str]:
        """The words from which one of so many letters may differ by so many mistakes, each of one letter."""
        return [word for word in self._meant if abs(len(word) - letters) <= mistakes]

    def _cost(self, word: str, meant: str, distance: int) -> float:
        cost = distance - _COMMONER_IS_LIKELIER * math.log(self._counts[meant])
        if word[0] != meant[0] and word[:2] != meant[1::-1]:
            cost += _OTHER_FIRST_LETTER
        return cost

    def _parted(self, word: str) -> str:
        """Words run together: "deletemydata"."""
        if len(word) < TWO_MISTAKES_FROM:
            return word
        best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 14), end):
                before, piece = best[start], word[start:end]
                if before is None or not self._is_piece(piece):
                    continue
                cost = before[0] + 9.0 - math.log(self._counts.get(piece, MEANT_AT_LEAST))
                known = best[end]
                if known is None or cost < known[0]:
                    best[end] = (cost, (*before[1], piece))
        found = best[-1]
        return " ".join(found[1]) if found and len(found[1]) <= 1 + len(word) // 3 else word

    def _is_piece(self, word: str) -> bool:
        return word in _SMALL or (len(word) > 2 and self._counts.get(word, 0) >= SURELY_A_WORD)

    def _joined(self, text: str) -> str:
        """A word torn apart: "de lete"."""
        words = text.split(" ")
        position = 0
        while position + 1 < len(words):
            both = words[position] + words[position + 1]
            torn = not (self.is_known(words[position]) and self.is_known(words[position + 1]))
            if torn and both in self._meant_words and self._counts[both] >= SURELY_A_WORD:
                words[position : position + 2] = [both]
            position += 1
        return " ".join(words)

    def _together(self, match: re.Match[str]) -> str:
        letters = re.sub(r"[^a-z]", "", match.group())
        found = letters if letters in self._meant_words else self._parted(letters)
        return match.group() if found == letters and letters not in self._meant_words else found

    def _undisguised(self, match: re.Match[str]) -> str:
        word = match.group().translate(_AS_LETTERS)
        return word if word in self._meant_words else match.group()

    def _mended(self, match: re.Match[str]) -> str:
        word = re.sub(r"[*_-]", "", match.group())
        if word in self._meant_words:
            return word
        if "*" in match.group():
            fitting = re.compile(re.sub(r"[*]+", "[a-z]+", match.group()))
            meant = [each for each in self._meant if fitting.fullmatch(each)]
            if meant:
                return max(meant, key=lambda each: self._counts[each])
        return match.group()
