"""Finds postal addresses by their form, where the recogniser of names has not claimed them already."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from nlu.pseudonyms.reading import Reading

_PLAIN = r"street|road|lane|avenue|crescent|terrace"
_WITH_CAPITAL = (
    r"Street|Road|Lane|Avenue|Drive|Crescent|Terrace|Gardens|Close|Way|Court|Place|Row|Mews|Hill|Grove|Walk"
    r"|Park|View|Square|Rise|Parade|Quay|Wharf|St|Rd|Ave"
)
_HOUSE = r"(?<![\w£$€.])\d{1,4}[A-Za-z]?(?:-\d{1,4})?,? "
_IN_FRONT = r"(?:(?:(?:flat|unit|apartment|apt|suite) \w{1,4}|[A-Z][\w'’]+(?: [A-Z][\w'’]+)? House),? )?"
_STREET = re.compile(
    rf"{_IN_FRONT}{_HOUSE}(?:"
    rf"(?:[A-Z][\w'’.]+ ){{1,3}}(?:{_WITH_CAPITAL})(?![\w'’])"
    rf"|(?!(?:of|in|at|on|and|the|a|per|new)\b)[a-z][\w'’.]+ (?:{_PLAIN})(?![\w'’])"
    r")"
)
_BOX = re.compile(r"(?<!\w)p\.? ?o\.? box (?:no\.? ?)?\d{1,6}(?!\w)", re.IGNORECASE)


class Addresses:
    """Claims a house number with its street, and post-office boxes."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the addresses of a text that nobody has claimed."""
        reading = Reading.of(doc)
        for form in (_STREET, _BOX):
            for match in form.finditer(reading.text):
                value = " ".join(match.group().split())
                reading.claim_text(doc, match.start(), match.end(), "address", value)
        return doc
