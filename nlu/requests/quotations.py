"""Words that a message quotes: whoever wrote them, the contact does not ask for what they say."""

from __future__ import annotations

import re

SHORTEST = 2
"""Words that a quotation has at least; a single one is mostly a name or a term."""

STANDS_FOR_IT = "this"
"""What is read in place of a quotation."""

_QUOTED = re.compile(
    r"\"([^\"\n]{3,600})\"|\u201c([^\u201c\u201d\n]{3,600})\u201d"
    # A single mark is also an apostrophe: what it opens must begin a word and what it closes end one.
    r"|(?<![\w'])'(?=\w)((?:[^'\n]|(?<=\w)'(?=\w)){5,300}?)'(?![\w'])"
)
_WORD = re.compile(r"[\w']+")


def unquoted(text: str) -> str:
    """Return a text with "this" in place of what it quotes.

    A message that is nothing but a quotation, or nearly, is the contact's own and stays as it is.

    Args:
        text: The message or a part of it.
    """
    if not any(mark in text for mark in "\"'\u201c"):
        return text
    own = _QUOTED.sub(_shortened, text)
    return own if own == text or len(_WORD.findall(own)) > SHORTEST else text


def _shortened(quotation: re.Match[str]) -> str:
    words = next(group for group in quotation.groups() if group is not None)
    if len(_WORD.findall(words)) < SHORTEST:
        return quotation.group()
    return STANDS_FOR_IT + (words[-1] if words[-1] in ".!?," else "")
