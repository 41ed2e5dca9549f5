"""Finds passwords and PINs: what is said to be one, not what is said about one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms.lexicon import UNITS, listed
from nlu.pseudonyms.reading import Reading

_CUE = (
    r"pass ?words?|pass ?phrase|pass ?wd|pwd?|p/w|pword|psw|memorable word|secret (?:word|answer)"
    r"|security answer"
)
_AFTERWORDS = (
    r"(?: (?:for|to|of|on|at|in) (?:my|the|your|our|this|that)(?: [\w-]+){1,3}?"
    r"| (?:there|here|i use|i used))?"
)
_LINK = (
    r"(?: ?(?:=>|->|[:=–—-]) ?| (?:is|was|are|were|should be|will be|has been|used to be) "
    r"(?:still |now |just |simply |currently )?)"
)
_TO = r" (?:to|into|as|from) "
_QUOTED = r"\"[^\"\n]{1,60}\"|'[^'\n]{1,60}'|“[^”\n]{1,60}”|‘[^’\n]{1,60}’"
_TOLD = re.compile(
    rf"(?<![^\W_])(?:{_CUE}){_AFTERWORDS}(?P<link>{_LINK}|{_TO}| |\n)(?P<value>{_QUOTED}|\S+)", re.IGNORECASE
)
_TOLD_BEFORE = re.compile(
    rf"(?P<value>{_QUOTED}|\S+) (?:is|was) (?:my|our|his|her|their|the)(?: old| new| current| only)? "
    rf"(?:{_CUE})"
    r"(?= *(?:$|[.,!?;:)\n]|(?:and|but|for|on|so|please|there|here|by|pls)\b))",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(
    r"(?<![^\W_])(?:credentials|log-?in(?: details| data)?|sign-?in details"
    r"|user(?: ?name)?(?: and |/)pass(?:word)?)"
    r"(?: (?:is|are|was|were)|:| =|=) *(?P<value>\S+ ?[/|,] ?\S+)",
    re.IGNORECASE,
)
_DIGIT_WORD = "|".join(sorted(UNITS, key=len, reverse=True))
_PIN = re.compile(
    r"(?<![^\W_])pin(?:[ -]?(?:number|no\.?|code))?(?: for [\w ]{1,30}?)?(?: (?:is|was)|:| =|=|-)? *"
    rf"(?P<value>\d(?:[ -]?\d){{3,4}}(?![ -]?\d)|(?:(?:{_DIGIT_WORD})[ ,-]{{1,2}}){{3}}(?:{_DIGIT_WORD})\b)",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[^\w\s.,;:?!'’\"/()-]|_")
_INSIDE = re.compile(r"\w[^\w\s'’/.-]+\w")
_TRAILING = ".,;:?)\"'”’"
_SHORTEST_NUMBER = 4

_SAID_OF_PASSWORDS = frozenset(
    listed(
        """
        wrong right correct incorrect invalid valid weak strong safe unsafe secure insecure secret
        private public old new the same different long short easy hard simple complex unknown missing
        lost forgotten broken stolen leaked hacked known stored encrypted scrambled hashed reset changed
        updated expired locked blocked rejected refused accepted denied disabled required needed
        necessary visible hidden shared saved sent emailed exposed compromised working gone not no never
        always still already also only really apparently obviously clearly probably maybe please thanks
        help user username email login and or but if when because since so too very kept protected
        protection policy manager managers reset resets recovery rules change changes problem problems
        trouble expiry field box page form link mail email hint hints security safety request requests
        my your mine yours theirs ours something anything nothing everything one ones it that this these
        those what which who whose where why how managed handled printed written displayed asked
        mandatory optional unsafe confidential sensitive data info information nonsense rubbish useless
        there here
        """
    )
)
_ASKING = frozenset(listed("what which where that this it who there here how mine yours"))


class Passwords:
    """Claims passwords that the text gives away."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the passwords of a text."""
        reading = Reading.of(doc)
        for start, end in sorted(set(_found(reading.text))):
            reading.claim_text(doc, start, end, "password", "")
        return doc


def _found(text: str) -> Iterator[tuple[int, int]]:
    for match in _TOLD.finditer(text):
        if _is_given(match):
            yield _bounds(text, match)
    for match in _TOLD_BEFORE.finditer(text):
        value = match.group("value")
        word = value.lower().strip(_TRAILING)
        if value[0] in "\"'“‘" or _looks_secret(value) or not (word in _ASKING or _is_said_of_one(word)):
            yield _bounds(text, match)
    for match in _CREDENTIALS.finditer(text):
        if _looks_secret(match.group("value")):
            yield _bounds(text, match)
    for match in _PIN.finditer(text):
        yield match.span("value")


def _is_given(match: re.Match[str]) -> bool:
    """Tell "my password is sunflower" from "my password is wrong" and from "password reset"."""
    link, value = match.group("link"), match.group("value")
    word = value.strip(_TRAILING + "!([")
    if not word or value[0] in "[<{":
        return False
    if value[0] in "\"'“‘" and len(value) > 2 and link.strip():
        return True
    if _looks_secret(word):
        return True
    if not link.strip() or link.strip().lower() in {"to", "into", "as", "from", "-", "–", "—"}:
        return False
    return not _is_said_of_one(word.lower())


def _looks_secret(word: str) -> bool:
    """Digits among letters, signs inside, capitals inside, or a longer number."""
    core = word.strip(_TRAILING + "!")
    letters = any(map(str.isalpha, core))
    digits = any(map(str.isdecimal, core))
    if core.isdecimal():
        return len(core) >= _SHORTEST_NUMBER
    if letters and digits:
        return True
    if "@" in core and "." in core.rpartition("@")[2]:
        return False
    return letters and bool(_SIGNS.search(core) or _INSIDE.search(core) or re.search(r"[a-z][A-Z]", core))


def _is_said_of_one(word: str) -> bool:
    plain = word.partition("'")[0].partition("’")[0]
    return (
        plain in _SAID_OF_PASSWORDS
        or plain in STOP_WORDS
        or not plain
        or plain.endswith(("ed", "ing", "n't"))
        or not any(map(str.isalnum, plain))
    )


def _bounds(text: str, match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span("value")
    while end - 1 > start and text[end - 1] in _TRAILING:
        end -= 1
    while start < end - 1 and text[start] in "\"'“‘(":
        start += 1
    return start, end


@Language.factory("rightline_passwords")
def _create_passwords(nlp: Language, name: str) -> Passwords:
    return Passwords()
