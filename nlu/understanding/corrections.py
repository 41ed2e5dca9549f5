"""What is to be corrected: the CRM's field, the new value, and the old one, as far as the words say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nlu.classification.text import plain
from nlu.placeholders.patterns import Placeholder, find_placeholders

NAMES = ("name", "surname")
TELEPHONES = ("work_telephone", "mobile_telephone")

_FIELDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("surname",), r"sur-?names?|last[ -]?names?|family names?|maiden names?|married names?|second names?"),
    (("name",), r"first[ -]?names?|given names?|fore-?names?|christian names?"),
    (("email",), r"e-?mails?(?: address(?:es)?)?|mail address(?:es)?|mailbox(?:es)?"),
    (
        ("mobile_telephone",),
        r"(?:mobiles?|cell|cellphone|handy)(?: (?:tele)?phones?)?(?: numbers?)?|mob(?: no\.?)?",
    ),
    (
        ("work_telephone",),
        r"(?:work|office|desk|business|landline|direct)(?: (?:tele)?phones?| lines?| dial)?(?: numbers?"
        r"| no\.?)"
        r"|(?:work|office|desk|business|direct) (?:(?:tele)?phones?|lines?|dial|extension)|landlines?"
        r"|switchboard",
    ),
    (TELEPHONES, r"(?:tele)?phones?(?: numbers?| no\.?)?|tel\.?(?: no\.?)?|(?:contact )?numbers?|extension"),
    (
        ("company",),
        r"company(?:'s)?(?: names?)?|employers?|firm(?:'s)?(?: names?)?|organi[sz]ation|where i work"
        r"|business names?",
    ),
    (NAMES, r"(?:full )?names?(?! of the)|spelling of my name|called|initials?"),
)
_FIELD = re.compile("|".join(rf"(?P<f{i}>\b(?:{said})\b)" for i, (_, said) in enumerate(_FIELDS)))

_FITS: dict[str, frozenset[str]] = {
    "email": frozenset({"email"}),
    "phone": frozenset(TELEPHONES),
    "person": frozenset(NAMES),
    "company": frozenset({"company"}),
}
"""The fields that a kind of placeholder can be a value of; `value` fits them all."""

_OLD_BEFORE = re.compile(
    r"(?:\bnot|n't|\bno longer|\binstead of|\brather than|\bfrom|\breplac\w+|\bold|\bwas|\bwere"
    r"|\bwrong\w*|\bincorrect\w*"
    r"|\bformer\w*|\bprevious\w*|\bused to be|\bremove|\bdelete|\bdrop|\bcurrent\w*|\bout ?dated"
    r"|\bmisspelled as|\bfile as"
    r"|\b(?:you|they|it|system|record|crm|letter) (?:have|has|says?|shows?|lists?|reads?|call|calls|think\w*)"
    r"|\blisted (?:as|under)|\bdown as|\bspel(?:t|led) (?:as )?|\baddressed to"
    r"|\bme as)\W+(?:[\w']+\W+){0,3}?$"
)
_NEW_BEFORE = re.compile(
    r"(?:\bto|\bnow|\bwith|\bbe|\bis|\bnew|\bby|\buse|\bit'?s|\bcorrect|\bright|\bread\b|\bput|\bbecome\w*"
    r"|\bin fact|\bactually"
    r"|\binto|\bbut|[:=>]|\u2192)\W*(?:[\w']+\W+){0,3}?$"
)
_OLD_AFTER = re.compile(
    r"^\W*(?:which |that |and )?(?:is|was|are|were|has|belongs|does|isn'?t|doesn'?t)? ?(?:\w+ ){0,2}?"
    r"(?:wrong|incorrect|old|out ?dated?|out of date|no longer|not (?:valid|right|correct|mine|in use)"
    r"|gone|dead|closed|anymore"
    r"|any more|previous|former)|^ (?:to|\u2192|->|=>) [A-Z]+_\d+"
)
_NEW_AFTER = re.compile(
    r"^\W*(?:,? ?(?:instead|is (?:right|correct|the (?:right|correct|new))|not [A-Z]+_\d+|please\b))"
)
_SENTENCE_END = re.compile(r"[.!?;](?:\s|$)|\n")


@dataclass(frozen=True)
class _Mention:
    fields: tuple[str, ...]
    position: int


def corrections(words: str, message: str) -> dict[str, Any]:
    """Return the slots of a correction.

    Args:
        words: The part of the message that asks for it; its fields count.
        message: The whole message; its placeholders count.

    Returns:
        `field` or `field_among`, `value`, `old`, and `further` with the same for each further field.
    """
    mentions = _mentions(plain(words).lower())
    text = plain(message)
    values = [found for found in find_placeholders(text) if found.entity in (*_FITS, "value")]
    found = list(_corrections(mentions, text, values))
    if not found:
        return {}
    first, *further = found
    return {**first, "further": further} if further else first


def _corrections(
    mentions: Sequence[_Mention], text: str, values: Sequence[Placeholder]
) -> Iterator[dict[str, Any]]:
    left = list(values)
    for mention in mentions:
        fitting = [value for value in left if _fit(value, mention.fields)]
        pair = _pair(text, fitting)
        left = [value for value in left if value not in pair.values()]
        yield _described(mention.fields, pair)
    if not mentions:
        for kind, fields in _FITS.items():
            pair = _pair(text, [value for value in values if value.entity == kind])
            # A name or a firm may just say who writes; an address alone is what is to be corrected.
            if pair and (kind in ("email", "phone") or len(pair) == 2):
                yield _described(tuple(sorted(fields)), pair)


def _mentions(words: str) -> list[_Mention]:
    found: list[_Mention] = []
    for match in _FIELD.finditer(words):
        index = int((match.lastgroup or "f0")[1:])
        fields = _FIELDS[index][0]
        known = {field for mention in found for field in mention.fields}
        if not known & set(fields):
            found.append(_Mention(fields, match.start()))
        elif len(fields) == 1:
            # "My number is wrong, the mobile": the narrower word says which.
            found = [
                mention if fields[0] not in mention.fields else _Mention(fields, mention.position)
                for mention in found
            ]
    return found


def _fit(value: Placeholder, fields: tuple[str, ...]) -> bool:
    return value.entity == "value" or bool(_FITS[value.entity] & set(fields))


def _pair(text: str, values: Sequence[Placeholder]) -> dict[str, Placeholder]:
    pair: dict[str, Placeholder] = {}
    for value in values:
        role = _role(text, value)
        pair.setdefault(role, value)
    return pair


def _role(text: str, value: Placeholder) -> str:
    before = _same_sentence_before(text, value.start).lower()
    after = text[value.end : value.end + 60]
    if _NEW_AFTER.search(after):
        return "value"
    if _OLD_AFTER.search(after):
        return "old"
    old, new = _last(_OLD_BEFORE, before), _last(_NEW_BEFORE, before)
    return "old" if old > new else "value"


def _last(pattern: re.Pattern[str], text: str) -> int:
    # The cue that stands nearest decides, so the latest place from which the pattern still reaches the end.
    return max((match.start() for match in _each(pattern, text)), default=-1)


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    position = 0
    while match := pattern.search(text, position):
        yield match
        position = match.start() + 1


def _same_sentence_before(text: str, end: int) -> str:
    start = max(0, end - 80)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
    return text[max(ends, default=start) : end]


def _described(fields: tuple[str, ...], pair: dict[str, Placeholder]) -> dict[str, Any]:
    said: dict[str, Any] = {"field": fields[0]} if len(fields) == 1 else {"field_among": list(fields)}
    return said | {role: pair[role].value for role in ("value", "old") if role in pair}
