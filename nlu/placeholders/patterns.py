"""Finds placeholders such as `EMAIL_1` in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = {
    "EMAIL": "email",
    "PHONE": "phone",
    "CODE": "code",
    "REFERENCE": "reference",
    "PERSON": "person",
    "VALUE": "value",
    "COMPANY": "company",
    "ADDRESS": "address",
    "POSTCODE": "postcode",
    "CUSTOMER": "customer",
    "AGREEMENT": "agreement",
}
"""The entity that each kind of placeholder becomes."""

_PLACEHOLDER = re.compile(r"\b(" + "|".join(KINDS) + r")_\d+\b")

# Words people put around a bare value: "it's EMAIL_1", "my email is EMAIL_1 thanks".
_AROUND_A_VALUE = re.compile(
    "a|address|am|and|at|be|code|e|email|go|got|hello|heres?|hi|im?|is|its?|mail|maybe|mine|mobile|my|name"
    "|number|of|ok|okay|on|one|or|phone|please|pls|probably|reference|says|should|sure|thanks?|thats?|the"
    "|think|this|to|try|under|use|was|with|would|yep|yes|you"
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder in a text: the entity it stands for, itself, and where it begins and ends."""

    entity: str
    value: str
    start: int
    end: int


def find_placeholders(text: str) -> list[Placeholder]:
    """Find the placeholders of a text, in order."""
    return [
        Placeholder(KINDS[match.group(1)], match.group(0), match.start(), match.end())
        for match in _PLACEHOLDER.finditer(text)
    ]


def is_bare_value(text: str) -> bool:
    """Tell whether a text only gives a value: placeholders, and words that add nothing to them."""
    without, found = _PLACEHOLDER.subn(" ", text)
    words = (word.lower().replace("'", "").replace("’", "") for word in _WORD.findall(without))
    return found > 0 and all(_AROUND_A_VALUE.fullmatch(word) for word in words)


def in_words(text: str) -> str:
    """Replace each placeholder by the word for its kind, so that its number cannot matter to a reader."""
    return _PLACEHOLDER.sub(lambda match: KINDS[match.group(1)], text)
