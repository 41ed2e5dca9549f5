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
    "CARD": "card",
}
"""The entity that each kind of placeholder becomes."""

_PLACEHOLDER = re.compile(r"\b(" + "|".join(KINDS) + r")_\d+\b")

# Words people put around a bare value: "it's EMAIL_1", "my email is EMAIL_1 thanks".
_AROUND_A_VALUE = re.compile(
    r"\b(?:it|its|it's|this|that|that's|thats|is|was|my|the|mine|sure|ok|okay|yes|yep|here|here's|heres|you|go|try|use|with|"
    r"to|at|on|under|should|be|would|probably|maybe|i|think|am|i'm|im|e-?mail|mail|address|phone|mobile|number|code|name|"
    r"reference|please|pls|thanks|thank|and|or|one|hi|hello|says|got)\b",
    re.IGNORECASE,
)


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
    return found > 0 and not re.search(r"\w", _AROUND_A_VALUE.sub(" ", without))


def in_words(text: str) -> str:
    """Replace each placeholder by the word for its kind, so that its number cannot matter to a reader."""
    return _PLACEHOLDER.sub(lambda match: KINDS[match.group(1)], text)
