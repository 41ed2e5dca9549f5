"""Cuts a message into sentences, and sentences into the clauses that can stand on their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nlu.requests import words
from nlu.requests.quotations import unquoted

CLAUSES_AT_MOST = 48
"""More than a letter of a page has; what a longer text says later is read by its whole alone."""

SHORTEST = 2
"""Words that a clause has at least, lest "and stop" be torn off its object."""

REMEMBERED_TEXTS = 64
"""Messages whose clauses are kept, since several steps of a turn read them."""

_END_OF_SENTENCE = re.compile(r"[.!?\u2026]+[\"')\]]*(?=\s|$)|\n+|(?<=[a-z]{3})[.!?](?=[A-Z][a-z]|I\b)")
_BULLET = re.compile(
    # Not in "Article 21(2) and (3)".
    r"(?:^|(?<=\s))(?<!\) and )(?<!\) or )(?:[*\u2022>]+|\(?\d{1,2}[.)]|\(?[a-h]\))(?=\s)"
    r"|(?:^|(?<=\n))[ \t]*[-\u2013]+(?=\s)"
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Clause:
    """A part of a message.

    Attributes:
        text: its words.
        sentence: the number of its sentence, from 0.
        joint: how it is joined to what stands before, in lower case; empty at the beginning of a sentence.
        asks: whether its sentence ends with a question mark.
        so_far: its sentence up to its end.
    """

    text: str
    sentence: int
    joint: str = ""
    asks: bool = False
    so_far: str = ""

    @property
    def is_reason(self) -> bool:
        """Whether it only says why."""
        return words.REASON.search(self.joint) is not None

    @property
    def is_alternative(self) -> bool:
        """Whether it only names another answer to a question: "or just stop mailing?"."""
        return self.asks and words.ALTERNATIVE.match(f"{self.joint} {self.text}".lower()) is not None


def clauses_of(text: str) -> list[Clause]:
    """Cut a message into clauses, in order; what it quotes is none of them.

    Args:
        text: The message as it was written, line ends included.
    """
    return list(_clauses_of(text))


@lru_cache(maxsize=REMEMBERED_TEXTS)
def _clauses_of(text: str) -> tuple[Clause, ...]:
    found: list[Clause] = []
    for number, (sentence, asks) in enumerate(sentences_of(unquoted(text))):
        for joint, part in _cut(sentence):
            so_far = sentence[: max(0, sentence.find(part)) + len(part)]
            found.append(Clause(part, number, joint, asks, so_far))
        if len(found) >= CLAUSES_AT_MOST:
            break
    return tuple(found[:CLAUSES_AT_MOST])


def sentences_of(text: str) -> list[tuple[str, bool]]:
    """Cut a text into sentences, each with whether it ends with a question mark."""
    found: list[tuple[str, bool]] = []
    start = 0
    text = _BULLET.sub("\n", text.replace("\r\n", "\n"))
    for end in _END_OF_SENTENCE.finditer(text):
        if end.group().strip() == "." and words.ABBREVIATION.search(
            text[max(0, end.start() - 8) : end.end()]
        ):
            continue
        _add(found, text[start : end.end()], "?" in end.group())
        start = end.end()
    _add(found, text[start:], False)
    return _with_suppositions(found)


def _with_suppositions(sentences: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Put a supposition before the sentence that it is made for: "Suppose I left. Would you delete me?"."""
    found: list[tuple[str, bool]] = []
    for sentence, asks in sentences:
        if found and words.SUPPOSITION.match(found[-1][0].lower()) and not found[-1][1]:
            found[-1] = (f"{found[-1][0].rstrip('.! ')}, {sentence}", asks)
        else:
            found.append((sentence, asks))
    return found


def _add(found: list[tuple[str, bool]], sentence: str, asks: bool) -> None:
    if _WORD.search(sentence):
        found.append((sentence.strip(), asks))


def _cut(sentence: str) -> list[tuple[str, str]]:
    sentence = words.CITED_BETWEEN.sub(r" \1", words.IDLE_CONDITION.sub("", sentence))
    lowered = sentence.lower()
    if len(lowered) != len(sentence):
        return [("", sentence)]
    parts: list[tuple[str, str]] = []
    start, joint = 0, ""
    for found in words.JOINT.finditer(lowered):
        if found.start() < start:
            continue
        if _ends_here(lowered, start, found):
            parts.append((joint, sentence[start : found.start()].strip()))
            start, joint = found.end(), found.group().strip()
    parts.append((joint, sentence[start:].strip()))
    return [(joint, part) for joint, part in parts if _WORD.search(part)]


def _ends_here(text: str, start: int, joint: re.Match[str]) -> bool:
    before = text[start : joint.start()]
    if len(_WORD.findall(before)) < SHORTEST or words.CONDITION.match(before):
        return False
    if words.OR.search(joint.group()) and words.RULED_OUT.search(text[: joint.start()]):
        return False  # "change or delete anything" is ruled out together
    if words.KEPT.search(before) and words.UNUSED.match(text, joint.start()):
        return False  # "keep my record but don't do anything with it" is one wish
    if words.RULED_OUT.search(before) and words.CONTRAST.match(text, joint.end()):
        return True
    return words.OPENER.match(text, joint.end()) is not None
