"""Whose data a text is about: one's own, or another person's."""

from __future__ import annotations

import re

from nlu.classification.text import normalised

_FIRST_PERSON = re.compile(r"\b(?:i|me|my|mine|myself|i'[a-z]+|im|ive)\b")
_SELF = re.compile(r"\b(?:my|me|mine|myself)\b")
_OTHER_PERSON = re.compile(r"\b(?:he|she|his|her|hers|him|they|their|theirs|them)\b")

_HIM_OR_HER = re.compile(r"\b(?:he|she|his|her|hers|him)\b")

OFTEN = 4
"""How often a message speaks of him or her that is about them."""

_OWN_DATA = re.compile(
    r"\b(?:mine|my own|myself|about me|(?:delete|erase|remove|forget|wipe) me|i (?:object|withdraw)"
    r"|me (?:off|out)|my (?:personal |own |private )?(?:data|details|records?|file|info\w*|account|profile"
    r"|consent))\b"
)

_RELATIVE = (
    r"(?:mother|mum|mom|mam|father|dad|parents?|wife|husband|spouse|partner|son|daughter|brother|sister"
    r"|uncle|aunt\w*|gran\w*|nan|nephew|niece|cousin|friend|flatmate|neighbour|boyfriend|girlfriend|fiance\w*"
    r"|[a-z]+-in-law|boss|colleague|employee|client|member|patient|ward)"
)

_SOMEBODY = re.compile(
    rf"\b{_RELATIVE}s?\b|PERSON_\d|COMPANY_\d"
    r"|\b(?:some(?:body|one)|person|people|people's|man|woman|lad|girl|boy|baby|child|children|kids?|tenants?"
    r"|custom\w+|staff|team|clients?|members?|pupils?|students?|volunteers?|director|manager)\b"
)

_REPRESENTS = re.compile(
    r"\bon behalf of (?!my ?self\b|me\b)|\bon (?:his|her|their) behalf\b"
    r"|\b(?:my|our|the) client(?:'?s)?\b(?! (?:list|data))"
    r"|\b(?:i|we) (?:act|am acting|are acting|represent|write) (?:for|on behalf)\b|\b(?:i|we) represent\b"
    r"|\bacting (?:for|on behalf)\b|\b(?:are|am|been|were) instructed by\b|\b(?:his|her|their) instructions\b"
    r"|\bpower of attorney\b|\b(?:form|letter) of authority\b|\b(?:signed|written) authority\b"
    r"|\bexecut(?:or|rix)s?\b|\bdeput(?:y|yship)\b|\bguardian (?:of|to)\b|\bnext of kin\b"
    rf"|\bas (?:his|her|their|the) (?:carer|guardian|solicitor|lawyer|attorney|assistant|{_RELATIVE})\b"
    r"|\b(?:he|she) (?:wants|wishes|would like|has asked|asked me|asks|requests|objects|demands|withdraws)\b"
    r"|\b(?:he|she)'d like\b"
    rf"|\bfor my (?:late |elderly |old |dear )?{_RELATIVE}\b|\bmy (?:late|elderly|deceased) {_RELATIVE}\b"
)


def is_ones_own(text: str) -> bool:
    """Whether a clause speaks of whoever writes, and of nobody else."""
    readable = normalised(text)
    return _FIRST_PERSON.search(readable) is not None and not names_another(text)


def names_another(text: str) -> bool:
    """Whether a clause speaks of him, her or them."""
    return _OTHER_PERSON.search(normalised(text)) is not None


def names_somebody(text: str) -> bool:
    """Whether a text has any word for somebody beside whoever writes and the company."""
    readable = normalised(text)
    return any(pattern.search(readable) for pattern in (_OTHER_PERSON, _REPRESENTS, _SOMEBODY))


def speaks_for_another(text: str) -> bool:
    """Whether a message is plainly written for somebody else, and never speaks of the writer's own data."""
    readable = normalised(text)
    if _OWN_DATA.search(readable):
        return False
    return _REPRESENTS.search(readable) is not None or len(_HIM_OR_HER.findall(readable)) >= OFTEN


def speaks_only_for_oneself(text: str) -> bool:
    """Whether a message speaks of the writer's own data, and says nowhere that it is written for another."""
    readable = normalised(text)
    return _OWN_DATA.search(readable) is not None and _REPRESENTS.search(readable) is None


def speaks_of_oneself(text: str) -> bool:
    """Whether a text has a word for whoever writes beside "I"."""
    return _SELF.search(normalised(text)) is not None
