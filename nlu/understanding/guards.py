"""Guards against starting what nobody asked for: negation, questions and reports about a grave right.

A guard may only hold back. It never makes a request out of a text, and where it errs, the contact is asked.
"""

from __future__ import annotations

import re
from enum import Enum

from nlu.classification.text import normalised
from nlu.requests.quotations import unquoted
from nlu.understanding import phrases


class Guard(str, Enum):
    """Why a text is no request for a grave right."""

    NEGATED = "negated"
    QUESTION = "question"
    REPORTED = "reported"


def guard_for(intent: str, text: str) -> Guard | None:
    """Say why a text must not start an intent, if anything does.

    Args:
        intent: One of the grave intents; any other is never held back.
        text: The message.

    Returns:
        The reason to hold back, or None.
    """
    mentions = phrases.MENTIONS.get(intent)
    if mentions is None:
        return None
    own = unquoted(text)
    readable = normalised(own)
    found = list(mentions.finditer(readable))
    if not found and own != text and mentions.search(normalised(text)):
        return Guard.QUESTION if _is_question(readable) else Guard.REPORTED
    if not found and intent == "erase" and phrases.KEPT.search(readable):
        return Guard.NEGATED
    if found and all(_is_negated(readable, mention.start()) for mention in found):
        return Guard.NEGATED
    if phrases.CALLED_OFF.search(readable):
        return Guard.NEGATED
    if phrases.CONDITIONAL.search(readable):
        return Guard.QUESTION
    if found and all(_was_asked_before(readable, mention.start()) for mention in found):
        return Guard.REPORTED
    if _objects(intent, readable) or any(_is_ordered(readable, mention) for mention in found):
        return None
    if _is_question(readable) or phrases.INFORMATION.search(readable):
        return Guard.QUESTION
    return Guard.REPORTED if phrases.REPORT.search(readable) else None


def is_mentioned(intent: str, text: str) -> bool:
    """Say whether a text has a word for a grave intent."""
    return phrases.MENTIONS[intent].search(normalised(unquoted(text))) is not None


def is_reported(text: str) -> bool:
    """Say whether a text tells somebody else's words or deeds."""
    return phrases.REPORT.search(normalised(text)) is not None


def is_conditional(text: str) -> bool:
    """Say whether a sentence, as far as it goes, only imagines a grave right."""
    return phrases.CONDITIONAL.search(normalised(text)) is not None


def is_supposed(text: str) -> bool:
    """Say whether a clause only imagines what it speaks of, or tells that it was asked for before."""
    readable = normalised(text)
    return phrases.ONLY_SUPPOSED.search(readable) is not None


def is_vague(text: str) -> bool:
    """Say whether a text asks for something to be done about one's data without saying what."""
    return phrases.VAGUE.fullmatch(normalised(text).strip(" .!?")) is not None


def _clause_before(text: str, position: int) -> str:
    ends = (match.end() for match in phrases.CLAUSE_END.finditer(text, 0, position))
    return text[max(ends, default=0) : position]


def _was_asked_before(text: str, position: int) -> bool:
    return phrases.ASKED_BEFORE.search(_clause_before(text, position)) is not None


def _is_negated(text: str, position: int) -> bool:
    before = _clause_before(text, position)
    return phrases.NEGATION.search(before) is not None and phrases.UNDONE.search(before) is None


def _is_ordered(text: str, mention: re.Match[str]) -> bool:
    before = _clause_before(text, mention.start())
    if _is_negated(text, mention.start()):
        return False
    if phrases.BEGINS_AN_ORDER.match(before):
        return phrases.BASE_FORM.match(mention.group(0)) is not None
    if phrases.INFORMATION.search(before) or phrases.QUESTION.search(before):
        return False
    then_please = phrases.THEN_PLEASE.match(text[mention.end() :])
    return then_please is not None or phrases.ORDERED.search(before) is not None


def _objects(intent: str, text: str) -> bool:
    return intent == "object" and phrases.OBJECTS.match(text) is not None


def _is_question(text: str) -> bool:
    question = phrases.QUESTION.search(text)
    return question is not None and not phrases.POLITE.search(text, question.start(), question.end() + 12)
