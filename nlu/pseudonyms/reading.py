"""What the components of the pipeline share about one text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

GROUP = "personal"
"""The span group in which components leave what they claim."""

_NOTES = "reading"
_PIECE = re.compile(r"\d{5,}|(?:(?!\d{5})[^\W_])+|[^\S\n]+|.", re.DOTALL)


class Splitter:
    """A tokenizer that makes a token of every word, every long run of digits and every other character.

    Identifiers are then sequences of tokens, however spelled; English contractions do not matter here.
    """

    def __init__(self, vocab: Vocab) -> None:
        """Keep the vocabulary of the pipeline it belongs to."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Split a cleaned text (single spaces, no other blanks but line ends)."""
        words: list[str] = []
        spaces: list[bool] = []
        for match in _PIECE.finditer(text):
            piece = match.group()
            if piece == " " and words and not spaces[-1]:
                spaces[-1] = True
            else:
                words.append(piece)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)


@dataclass(frozen=True, slots=True)
class Piece:
    """A token, or several spelled ones, that stand for digits: tokens `start` to `end`, exclusive."""

    digits: str
    start: int
    end: int
    international: bool = False
    spelled: bool = False


@dataclass(slots=True)
class Reading:
    """A text as its components see it.

    Attributes:
        text: the whole of it.
        asked: the field that the assistant asked for last, if any.
        words: the tokens' texts.
        lowers: the same in lower case.
        offsets: where each token begins.
        gaps: whether a blank stands before each token, and after the last.
        marks: for each kind of mark, the ends of those that begin at a token.
        ends: for each kind of mark, the tokens right after one.
        taken: one for each token that has been claimed.
        runs: sequences of digits that may belong together.
        values: the normalised value of what begins at a token.
    """

    text: str
    asked: str | None
    words: list[str]
    lowers: list[str]
    offsets: list[int]
    gaps: list[bool]
    marks: dict[str, dict[int, int]] = field(default_factory=dict)
    ends: dict[str, set[int]] = field(default_factory=dict)
    taken: bytearray = field(default_factory=bytearray)
    runs: list[list[Piece]] = field(default_factory=list)
    values: dict[int, str] = field(default_factory=dict)

    @classmethod
    def begin(cls, doc: Doc, asked: str | None) -> Reading:
        """Start reading a text and leave the reading with it."""
        words = [token.text for token in doc]
        offsets = [token.idx for token in doc]
        gaps = [True, *(bool(token.whitespace_) or token.text.isspace() for token in doc)]
        reading = cls(
            doc.text,
            asked,
            words,
            [word.lower() for word in words],
            offsets,
            gaps,
            taken=bytearray(len(words)),
        )
        doc.user_data[_NOTES] = reading
        return reading

    @classmethod
    def of(cls, doc: Doc) -> Reading:
        """The reading of a text, begun now where nobody has."""
        reading = doc.user_data.get(_NOTES)
        return reading if isinstance(reading, cls) else cls.begin(doc, None)

    def free(self, start: int, end: int) -> bool:
        """Tell whether nothing has been claimed from token `start` to `end`, exclusive."""
        return not any(self.taken[start:end])

    def claim(self, doc: Doc, start: int, end: int, kind: str, value: str) -> None:
        """Claim tokens `start` to `end`, exclusive, as a value of a kind."""
        self.taken[start:end] = b"\x01" * (end - start)
        self.values[start] = value
        doc.spans[GROUP].append(Span(doc, start, end, label=kind))

    def claim_text(self, doc: Doc, start: int, end: int, kind: str, value: str) -> bool:
        """Claim characters `start` to `end`, exclusive, with their tokens, unless one is taken."""
        first, last = bisect_right(self.offsets, start) - 1, bisect_right(self.offsets, end - 1)
        if not self.free(first, last):
            return False
        self.claim(doc, first, last, kind, value)
        return True

    def token_at(self, offset: int) -> int:
        """The token that holds a character."""
        return bisect_right(self.offsets, offset) - 1

    def joined(self, index: int) -> bool:
        """Tell whether a token exists and follows the one before without a blank."""
        return 0 < index < len(self.words) and not self.gaps[index]

    def claimed(self, doc: Doc) -> Iterator[tuple[Span, str]]:
        """Everything claimed, in order, with values."""
        for span in sorted(doc.spans[GROUP], key=lambda span: span.start):
            yield span, self.values[span.start]
