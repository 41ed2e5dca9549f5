"""Finds bank details: a sort code with its account, an account said to be a bank's, and IBANs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms.reading import Reading

_SORT_CODE = r"\d\d ?[-–. ]? ?\d\d ?[-–. ]? ?\d\d"
_ACCOUNT = r"\d(?:[ -]?\d){6,9}"
_APART = r"(?![^\W_])"
_PAIR = re.compile(
    rf"(?<![\w.,-])(?P<sort>\d\d[- ]\d\d[- ]\d\d)(?P<between>[ ,/;:|-]{{1,4}})(?P<account>\d{{7,8}}){_APART}"
)
_SORT_ANNOUNCED = re.compile(
    rf"(?<![^\W_])sort ?codes?[^\d\n]{{0,25}}(?P<value>{_SORT_CODE}){_APART}", re.IGNORECASE
)
_SORT_AFTER = re.compile(rf"(?<![\w-])(?P<value>{_SORT_CODE}) \(?sort ?code", re.IGNORECASE)
_ACCOUNT_ANNOUNCED = re.compile(
    rf"(?<![^\W_])(?:account|acct|acc|a/c)(?P<name>[^\d\n]{{0,30}}?)(?<![\d-])(?P<value>{_ACCOUNT}){_APART}",
    re.IGNORECASE,
)
_OF_A_BANK = re.compile(
    r"(?<![^\W_])(?:bank|banking|building society|sort ?code|current account|savings account|direct debit"
    r"|barclays|hsbc|lloyds|natwest|santander|monzo|starling|halifax|nationwide|tsb)(?![^\W_])",
    re.IGNORECASE,
)
_IBAN = re.compile(rf"(?<![^\W_])[A-Z]{{2}}\d\d(?:[ -]?[A-Z0-9]){{11,30}}{_APART}", re.IGNORECASE)
_IBAN_ANNOUNCED = re.compile(
    r"(?<![^\W_])iban[^\w\n]{0,3}(?:number |no\.? |is |: ?){0,2}"
    rf"(?P<value>[A-Z]{{2}}\d\d(?:[ -]?[A-Z0-9]{{4}}){{2,7}}(?:[ -]?[A-Z0-9]{{1,3}})?){_APART}",
    re.IGNORECASE,
)
_NEAR = 80
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24,
    "TR": 26, "UA": 29,
}  # fmt: skip
"""How long the IBANs of a country are; the rest of the world is found where the text says "IBAN"."""
_LEAST_IBAN = min(_LENGTHS.values())
_IBAN_MODULUS, _IBAN_REST = 97, 1


class Banking:
    """Claims bank details."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the bank details of a text."""
        reading = Reading.of(doc)
        for start, end in sorted(set(_found(reading.text))):
            reading.claim_text(doc, start, end, "bank", "")
        return doc


def is_iban(number: str) -> bool:
    """Tell whether an IBAN has its country's length and the right check digits (ISO 13616, modulo 97)."""
    compact = re.sub(r"[ -]", "", number).upper()
    if len(compact) != _LENGTHS.get(compact[:2]) or not compact.isalnum() or not compact.isascii():
        return False
    digits = "".join(str(int(character, 36)) for character in compact[4:] + compact[:4])
    return int(digits) % _IBAN_MODULUS == _IBAN_REST


def _found(text: str) -> Iterator[tuple[int, int]]:
    yield from _ibans(text)
    for match in _PAIR.finditer(text):
        yield match.span("sort")
        yield match.span("account")
    sorts = [match.span("value") for form in (_SORT_ANNOUNCED, _SORT_AFTER) for match in form.finditer(text)]
    accounts = (
        [match.span("value") for match in _ACCOUNT_ANNOUNCED.finditer(text)]
        if _OF_A_BANK.search(text)
        else []
    )
    yield from accounts
    # A sort code alone names a branch and nobody; with an account number near it, somebody.
    for start, end in sorts:
        near = [span for span in accounts if abs(span[0] - end) < _NEAR or abs(start - span[1]) < _NEAR]
        following = re.compile(rf"[^\d\n]{{0,30}}(?P<value>{_ACCOUNT}){_APART}").match(text, end)
        if following and not near:
            near = [following.span("value")]
            yield near[0]
        if near:
            yield start, end


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN_ANNOUNCED.finditer(text):
        yield match.span("value")
    for match in _IBAN.finditer(text):
        # What follows may be the next word: the longest reading whose check digits are right.
        for end in range(match.end(), match.start() + _LEAST_IBAN - 1, -1):
            apart = end == len(text) or not text[end].isalnum()
            if apart and text[end - 1].isalnum() and is_iban(text[match.start() : end]):
                yield match.start(), end
                break


@Language.factory("rightline_banking")
def _create_banking(nlp: Language, name: str) -> Banking:
    return Banking()
