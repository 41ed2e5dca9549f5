"""Follows an email address from its "at" to both sides, over dots and signs that are typed or dictated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import category

from nlu.pseudonyms import marks
from nlu.pseudonyms.lexicon import PROSE, UNITS
from nlu.pseudonyms.reading import Reading

NATIONAL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "me", "ltd", "plc", "nhs", "sch"})
"""Labels under which countries give out domains, and which therefore do not end one."""

_LOCAL_SIGNS = frozenset("_+-'%&~#$*^")
_LEADING_SIGNS = "'.-+#*&%~"
_SIGNS = {"underscore": "_", "under": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+"}
_INTRODUCING = frozenset({"is", "it's", "its", ":", "address", "email", "mail", "to", "from", "=", "mailto"})
_TOP_LEVEL = re.compile(r"[^\W\d_]{2,24}|xn--[a-z0-9-]+", re.IGNORECASE)
_LETTER_MARKS = frozenset({"Mn", "Mc"})
_LONGEST = 40
"""No local part or domain is followed over more tokens than this."""
_MOST_HYPHENS = 3


@dataclass(frozen=True)
class Part:
    """A side of an address.

    Attributes:
        text: what it spells.
        edge: the token at which it begins (a local part) or after which it ends (a domain, exclusive).
        spelled: whether a dot or sign in it was dictated.
        typed_dot: whether its last dot was typed.
    """

    text: str
    edge: int
    spelled: bool = False
    typed_dot: bool = False


def local_before(reading: Reading, at: int) -> Part | None:
    """The local part that ends at the token of an "at", or None."""
    quoted = _quoted(reading, at)
    if quoted is not None:
        return quoted
    edge, text, spelled = at, "", False
    while edge > max(0, at - _LONGEST):
        start, atom = _atom_before(reading, edge)
        if not atom:
            break
        text, edge = atom + text, start
        joint = _joint_before(reading, edge)
        if joint is None:
            break
        sign, before = joint
        spelled = spelled or reading.words[before].isalpha()
        text, edge = sign + text, before
    while text and edge < at and text[0] in _LEADING_SIGNS and reading.words[edge] == text[0]:
        text, edge = text[1:], edge + 1
    text = text.rstrip("'")
    return Part(text, edge, spelled) if text and edge < at else None


def _quoted(reading: Reading, at: int) -> Part | None:
    if at < 2 or reading.words[at - 1] != '"' or reading.gaps[at]:
        return None
    for index in range(at - 2, max(-1, at - _LONGEST), -1):
        if reading.words[index] == '"':
            inner = "".join(
                (" " if reading.gaps[i] and i > index + 1 else "") + reading.words[i]
                for i in range(index + 1, at - 1)
            )
            return Part(f'"{inner}"', index) if inner.strip() else None
    return None


def _atom_before(reading: Reading, end: int) -> tuple[int, str]:
    """The words, spelled letters or digits of a local part that end at a token, and where they begin."""
    index = end
    while (
        index > max(0, end - _LONGEST)
        and _is_atom(reading, index - 1)
        and (index == end or reading.joined(index))
    ):
        index -= 1
    words = reading.words[index:end]
    if len(words) == 1 and len(words[0]) == 1 and words[0].isalnum():
        return _letters_before(reading, index, words[0])
    if len(words) == 1 and _digit(reading, index) is not None:
        return _digits_before(reading, index, end)
    return index, "".join(words)


def _letters_before(reading: Reading, index: int, text: str) -> tuple[int, str]:
    while index > 0 and _is_lone_letter(reading, index - 1):
        index -= 1
        text = reading.words[index] + text
    return index, text


def _is_lone_letter(reading: Reading, index: int) -> bool:
    """Tell a letter that stands alone, or opens a bracket or quotation, from the end of "it's"."""
    if len(reading.words[index]) != 1 or not reading.words[index].isalnum():
        return False
    return reading.gaps[index] or not (
        reading.words[index - 1][-1].isalnum() or reading.words[index - 1] in "'’"
    )


def _digits_before(reading: Reading, index: int, end: int) -> tuple[int, str]:
    """Digits before an "at" ("grace nine nine at"), with the word they belong to if that may be a name."""
    text = ""
    while index >= 0 and end - index <= _LONGEST and (digit := _digit(reading, index)) is not None:
        text = digit + text
        index -= 1
    if (
        index < 0
        or not reading.words[index].isalpha()
        or reading.lowers[index] in PROSE
        or reading.taken[index]
    ):
        return index + 1, text
    return index, reading.words[index] + text


def _digit(reading: Reading, index: int) -> str | None:
    word = reading.lowers[index]
    return word if word.isdecimal() else UNITS.get(word) if word != "o" else None


def _is_atom(reading: Reading, index: int) -> bool:
    word = reading.words[index]
    return (
        word.isalnum() or word in _LOCAL_SIGNS or category(word[0]) in _LETTER_MARKS
    ) and not reading.taken[index]


def _joint_before(reading: Reading, edge: int) -> tuple[str, int] | None:
    """The dot or dictated sign between two atoms of a local part, which ends at a token, and its begin."""
    for length in (1, 2, 3):
        start = edge - length
        if start < 1:
            return None
        if reading.marks[marks.DOT].get(start) == edge and _dot_joins(reading, start, edge):
            return ".", start
        if reading.marks[marks.JOIN].get(start) == edge:
            words = [word for word in reading.lowers[start:edge] if word in _SIGNS]
            return (_SIGNS[words[0]], start) if words else None
    return None


def _dot_joins(reading: Reading, start: int, end: int) -> bool:
    """A full stop with a blank only after it ends a sentence, unless what precedes it was announced."""
    if reading.words[start] != "." or reading.gaps[start] or not reading.gaps[end]:
        return True
    before = start - 1
    announced = before == 0 or reading.lowers[before - 1] in _INTRODUCING
    return announced and reading.words[before].islower() and reading.lowers[before] not in PROSE


def domain_after(reading: Reading, start: int) -> Part | None:
    """The domain that begins at the token after an "at", or None; one label is enough."""
    edge, text = _label(reading, start)
    labels = [text]
    spelled = typed = False
    while text and edge < start + _LONGEST:
        dot = reading.marks[marks.DOT].get(edge)
        if dot is None or not _dot_continues(reading, labels, edge, dot):
            break
        end, text = _label(reading, dot)
        if not text or (len(labels) > 1 and _is_next_sentence(labels, text)):
            break
        labels.append(text)
        typed = reading.words[edge] == "."
        spelled = spelled or not typed
        edge = end
    if not labels[0] or (len(labels) > 1 and not _TOP_LEVEL.fullmatch(labels[-1])):
        return None
    return Part(".".join(labels), edge, spelled, typed)


def _label(reading: Reading, start: int) -> tuple[int, str]:
    """The part of a domain that begins at a token, with spelled letters and dictated hyphens put together."""
    end, text = _simple_label(reading, start)
    for _ in range(_MOST_HYPHENS):
        if not text or end + 1 >= len(reading.words) or reading.lowers[end] not in {"dash", "hyphen"}:
            break
        after, rest = _simple_label(reading, end + 1)
        if not rest:
            break
        end, text = after, f"{text}-{rest}"
    return end, text


def _simple_label(reading: Reading, start: int) -> tuple[int, str]:
    stop = min(len(reading.words), start + _LONGEST)
    if start >= stop or not reading.words[start].isalnum() or reading.taken[start]:
        return start, ""
    end = start + 1
    while end < stop and reading.joined(end) and _continues_label(reading, end):
        end += 1
    while not reading.words[end - 1].isalnum():
        end -= 1
    text = "".join(reading.words[start:end])
    while (
        len(text) == end - start
        and end < stop
        and len(reading.words[end]) == 1
        and reading.words[end].isalnum()
    ):
        text += reading.words[end]
        end += 1
    return end, text


def _continues_label(reading: Reading, index: int) -> bool:
    word = reading.words[index]
    return word.isalnum() or (word in "-_" and index not in reading.marks[marks.DOT])


def _dot_continues(reading: Reading, labels: list[str], dot: int, after: int) -> bool:
    """A full stop with a blank after it may end the sentence, where the domain is already complete."""
    one_sided = reading.words[dot] == "." and reading.gaps[after] and not reading.gaps[dot]
    return not (one_sided and len(labels) > 1)


def _is_next_sentence(labels: list[str], label: str) -> bool:
    """Tell whether what follows a complete domain is the next sentence, typed without a blank."""
    if len(label) == 2 and labels[-1].lower() in NATIONAL:
        return False
    return label.lower() in PROSE or (label[:1].isupper() and not label.isupper() and labels[-1].islower())
