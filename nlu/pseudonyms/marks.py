"""Finds the words and signs around which identifiers are built, with one spaCy matcher."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

from nlu.pseudonyms import lexicon
from nlu.pseudonyms.reading import Reading

Pattern = list[dict[str, Any]]

AT, DOT, JOIN = "at", "dot", "join"
CALLING, COUNTING, CODE, OTHER_CODE, REFERENCE = "calling", "counting", "code", "other_code", "case_reference"
CUSTOMER, AGREEMENT, CARD = "customer", "agreement", "card"
BARE_CUSTOMER, BARE_AGREEMENT = "bare_customer", "bare_agreement"

_OPEN = {"ORTH": {"IN": ["(", "[", "{", "<", "_", "-", "*", "|", "【", "«"]}}
_CLOSE = {"ORTH": {"IN": [")", "]", "}", ">", "_", "-", "*", "|", "】", "»"]}}
_FILLERS = {"LOWER": {"IN": list(lexicon.FILLERS)}, "OP": "{0,6}"}
_AT_WORDS = {"LOWER": {"IN": ["at", "@", "arroba", "chez"]}}
_DOT_WORDS = {"LOWER": {"IN": ["dot", ".", "point", "period", "punkt"]}}


def _words(*words: str) -> dict[str, Any]:
    return {"LOWER": {"IN": list(words)}}


def _bracketed(inner: Pattern) -> Pattern:
    return [_OPEN, *inner, _CLOSE]


def _patterns() -> dict[str, list[Pattern]]:
    numbered = _words("number", "no", "num", "nr", "id", "ref", "reference", "code", "#")
    linked: Pattern = [
        {"LOWER": {"IN": ["is", "was", ":", "=", ".", "#", "-", "no", "number"]}, "OP": "{0,3}"}
    ]
    code = _words("code", "codes", "passcode", "otp", "pin", "passcodes")
    return {
        AT: [
            [{"ORTH": "@", "OP": "{1,2}"}],
            [_words("at")],
            [_words("at"), {"ORTH": "-", "OP": "?"}, _words("sign", "symbol")],
            _bracketed([_AT_WORDS]),
            [{"ORTH": {"IN": ["(", "["]}}, _words("a"), {"ORTH": {"IN": [")", "]"]}}],
            _bracketed([_OPEN, _AT_WORDS, _CLOSE]),
        ],
        DOT: [
            [{"ORTH": "."}],
            [_words("dot", "point", "period", "punkt")],
            [_words("full"), _words("stop")],
            [_words("fullstop")],
            _bracketed([_DOT_WORDS]),
        ],
        JOIN: [
            [_words("underscore", "dash", "hyphen", "minus", "plus")],
            [_words("under"), _words("score")],
            _bracketed([_words("underscore", "dash", "hyphen", "plus")]),
        ],
        CALLING: [
            [_words(*lexicon.CALLING), _FILLERS],
            [
                _words("my", "his", "her", "their", "our", "work", "home"),
                _words("number", "no", "num", "nr"),
                _FILLERS,
            ],
            [
                _words("text", "reach", "contact"),
                _words("me", "us", "him", "her"),
                _words("on", "at", ":"),
                _FILLERS,
            ],
        ],
        COUNTING: [[_words(*lexicon.COUNTING), _FILLERS]],
        CODE: [[code, _FILLERS], [code, _FILLERS, {"IS_ALPHA": True}, _words("is", "was", ":")]],
        OTHER_CODE: [
            [_words(*lexicon.OTHER_CODES), code, _FILLERS],
            [_words("postcode", "barcode"), _FILLERS],
        ],
        CUSTOMER: [
            [_words("customer", "client", "account", "acct", "member", "membership"), numbered, *linked]
        ],
        AGREEMENT: [[_words("agreement", "contract", "sla"), numbered, *linked]],
        BARE_CUSTOMER: [[_words("customer", "client", "membership", "acct"), *linked]],
        BARE_AGREEMENT: [[_words("agreement", "contract", "sla"), *linked]],
        CARD: [[_words("card", "visa", "mastercard", "amex", "debit", "credit"), _FILLERS]],
        REFERENCE: [[_words("reference", "ref", "case", "request", "ticket", "status"), _FILLERS]],
    }


class Marks:
    """Notes where marks stand, for the components after it."""

    def __init__(self, nlp: Language) -> None:
        """Compile the patterns against the pipeline's vocabulary."""
        self._matcher = Matcher(nlp.vocab, validate=False)
        self._names: dict[int, str] = {}
        for name, patterns in _patterns().items():
            self._matcher.add(name, patterns)
            self._names[nlp.vocab.strings[name]] = name

    def __call__(self, doc: Doc) -> Doc:
        """Note the marks of a text in its reading."""
        reading = Reading.of(doc)
        marks: dict[str, dict[int, int]] = {name: {} for name in self._names.values()}
        ends: dict[str, set[int]] = {name: set() for name in self._names.values()}
        for key, start, end in self._matcher(doc):
            name = self._names[key]
            marks[name][start] = max(end, marks[name].get(start, 0))
            ends[name].add(end)
        reading.marks, reading.ends = marks, ends
        return doc


@Language.factory("rightline_marks")
def _create_marks(nlp: Language, name: str) -> Marks:
    return Marks(nlp)
