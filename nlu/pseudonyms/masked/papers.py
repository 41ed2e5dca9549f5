"""Finds the numbers of identity papers: National Insurance, passports, driving licences and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms.reading import Reading

_SIGN = "[ .-]?"
# HMRC's form; QQ is the prefix of its own examples. These prefixes are never given out.
_INSURANCE = re.compile(
    rf"(?<![^\W_])(?!BG|GB|NK|KN|TN|NT|ZZ)(?P<prefix>[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)"
    rf"{_SIGN}\d\d{_SIGN}\d\d{_SIGN}\d\d{_SIGN}[A-D](?![^\W_])",
    re.IGNORECASE,
)
# DVLA's form: five of the surname, six digits of the birth date, two initials, a digit and two letters.
_LICENCE = re.compile(
    rf"(?<![^\W_])[A-Z9]{{5}}{_SIGN}\d[0156]\d[0-3]\d\d{_SIGN}[A-Z9]{{2}} ?\d ?[A-Z]{{2}}(?: ?\d\d)?"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_SOCIAL_SECURITY = re.compile(r"(?<![^\W_])(?<!-)(?!000|666|9)\d{3}-\d{2}-\d{4}(?![^\W_])(?!-)")
_ANNOUNCED = re.compile(
    r"""
    (?<![^\W_])(?:
        passport(?:s|'s)? | (?:driving|drivers?|driver[’']s)[ ]licen[cs]e | national[ ]insurance | nino
      | n\.?i\.?(?=[ ](?:no|num|is|:)) | nhs(?=[ ](?:no|num|is|:)) | (?:national[ ])?id(?:entity)?[ ]card
      | national[ ]id(?:entity)? | residence[ ]permit | brp | visa[ ]number | social[ ]security | ssn
      | birth[ ]certificate
    )(?![^\W_])
    [^\n.!?;]{0,40}?
    (?<![^\W_])(?P<value>
        (?:(?-i:[A-Z]{1,2})[ -]?|[a-z]{1,2})?\d(?:[ -]?\d){5,9}[ -]?[A-Z]?(?![^\W_])
      | (?=[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d)[A-Z0-9]{6,20}(?![^\W_])
      | [A-Z][ -][A-Z](?:[ -]\d){6}(?:[ -][A-D])?(?![^\W_])
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Papers:
    """Claims numbers whose form is that of a paper, or which the text says belong to one."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the identity papers of a text."""
        reading = Reading.of(doc)
        for start, end in sorted(set(_found(reading.text))):
            reading.claim_text(doc, start, end, "identity", "")
        return doc


def _found(text: str) -> Iterator[tuple[int, int]]:
    for match in _INSURANCE.finditer(text):
        # "by 12 34 56 a": ordinary words in lower case are no prefix.
        if match.group("prefix").isupper() or " " not in match.group():
            yield match.span()
    for form in (_LICENCE, _SOCIAL_SECURITY):
        yield from (match.span() for match in form.finditer(text))
    for match in _ANNOUNCED.finditer(text):
        start, end = match.span("value")
        while text[start] in " -":
            start += 1
        yield start, end


@Language.factory("rightline_papers")
def _create_papers(nlp: Language, name: str) -> Papers:
    return Papers()
