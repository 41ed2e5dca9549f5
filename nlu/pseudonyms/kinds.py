"""The kinds of value that are hidden, and the placeholders that stand for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

KINDS = (
    "email",
    "phone",
    "code",
    "reference",
    "person",
    "company",
    "address",
    "postcode",
    "customer",
    "agreement",
    "value",
)
"""Every kind of placeholder; `value` is only ever a whole reply (see `Pseudonymiser.whole`)."""

MASKED = ("card", "password", "identity", "bank", "health")
"""What is neither kept nor sent on: payment cards, passwords, identity papers, bank details, health data."""

_NAMES = "|".join(kind.upper() for kind in KINDS)
PLACEHOLDER = re.compile(rf"(?<![^\W_])(?:{_NAMES})_\d+(?!\w)")
TYPED_PLACEHOLDER = re.compile(rf"({_NAMES})_(?=\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """One hidden value.

    Attributes:
        kind: one of `KINDS`.
        value: the normalised value: an email address with its domain in lower case; a telephone number as
            E.164, or its bare digits where no country can be told; the six digits of a code; a reference as
            `PR-XXXX-XXXX`; a postcode as `SW1A 1AA`; a customer or agreement number in capitals without
            blanks; anything else as typed, with single spaces.
        raw: what stood in the cleaned text.
        start: where it began in the cleaned text.
        end: where it ended in the cleaned text, exclusive.
    """

    kind: str
    value: str
    raw: str
    start: int
    end: int


@dataclass(frozen=True)
class Seen:
    """What was found in a text, before any of it has a placeholder: the slow part of hiding.

    Attributes:
        cleaned: the text the positions are of.
        found: everything to hide, in order of appearance.
        complete: whether a trained recogniser looked for names and addresses too.
    """

    cleaned: str
    found: tuple[Found, ...]
    complete: bool


@dataclass(frozen=True)
class Hidden:
    """A text without personal data.

    Attributes:
        text: the cleaned text with placeholders, such as `please delete EMAIL_1`; what is masked stands in
            it as the plain words for it.
        found: every occurrence of what placeholders stand for, in order of appearance.
        placeholders: what each placeholder stands for; the first occurrence where a value came twice.
        shown: the cleaned text as it may be stored: with all it holds but what is masked.
        masked: the kinds of what was masked, each once, in order of appearance.
        complete: whether a trained recogniser looked for names and addresses too.
    """

    text: str
    found: tuple[Found, ...]
    placeholders: dict[str, Found]
    shown: str = ""
    masked: tuple[str, ...] = ()
    complete: bool = False


def restore(text: str, values: Mapping[str, str]) -> str:
    """Put values back in place of their placeholders.

    Args:
        text: a text with placeholders.
        values: the value of each placeholder; a placeholder that is not among them stays.

    Returns:
        The text with values. Values are not searched for placeholders in their turn.
    """
    return PLACEHOLDER.sub(lambda match: values.get(match.group(), match.group()), text)
