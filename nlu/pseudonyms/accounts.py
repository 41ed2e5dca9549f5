"""Finds customer and agreement numbers: those of the company's own form, and those announced."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms import marks
from nlu.pseudonyms.reading import Reading

ANNOUNCED = (
    ("customer", marks.CUSTOMER, 3),
    ("agreement", marks.AGREEMENT, 3),
    ("customer", marks.BARE_CUSTOMER, 6),
    ("agreement", marks.BARE_AGREEMENT, 6),
)
"""What announces a number of a kind, and how many digits it has at the fewest ("agreement 2024" is none)."""
_NUMBER = re.compile(r"(?=[^\s]*\d)[^\W_]{1,16}(?:[-/. _][^\W_]*\d[^\W_]*|[-/_][^\W_]{1,16}){0,5}(?![^\W_])")


class Accounts:
    """Claims customer and agreement numbers."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        """Compile the company's own forms.

        Args:
            patterns: regular expressions by kind, such as `{"customer": ["BSG-[0-9]{6}"]}`; letter case does
                not matter.
        """
        self._forms = [
            (kind, re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", re.IGNORECASE))
            for kind, alternatives in patterns.items()
            for pattern in alternatives
        ]

    def __call__(self, doc: Doc) -> Doc:
        """Claim the customer and agreement numbers of a text."""
        reading = Reading.of(doc)
        for kind, form in self._forms:
            for match in form.finditer(reading.text):
                reading.claim_text(doc, match.start(), match.end(), kind, normal(match.group()))
        for kind, mark, fewest in ANNOUNCED:
            for token in sorted(reading.ends[mark]):
                self._announced(doc, reading, kind, token, fewest)
        return doc

    def _announced(self, doc: Doc, reading: Reading, kind: str, token: int, fewest: int) -> None:
        if token >= len(reading.words):
            return
        match = _NUMBER.match(reading.text, reading.offsets[token])
        if match and sum(map(str.isdecimal, match.group())) >= fewest:
            reading.claim_text(doc, match.start(), match.end(), kind, normal(match.group()))


def normal(number: str) -> str:
    """A number as it is compared: in capitals, without blanks."""
    return re.sub(r"\s+", "", number).upper()


@Language.factory("rightline_accounts", default_config={"patterns": {}})
def _create_accounts(nlp: Language, name: str, patterns: dict[str, list[str]]) -> Accounts:
    return Accounts(patterns)
