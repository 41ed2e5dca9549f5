"""Merges what the clauses of a message ask for into its requests, in the order said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlu.classification.text import normalised
from nlu.requests import words
from nlu.requests.acts import REFUSES, SUPPOSES
from nlu.requests.interfaces import Part
from nlu.understanding.guards import guard_for
from nlu.understanding.marketing import directed
from nlu.understanding.vocabulary import GRAVE, PART_OF, QUESTIONS, REQUESTS

WORTH_MERGING = REQUESTS | QUESTIONS | {"talk_to_human"}
"""What counts beside another request; a courtesy does not."""

SURE_OF_A_CLAUSE = 0.6
"""How likely a clause must at least ask, and for this intent, to make a request of its own."""

SURE_OF_AN_ORDER = 0.7
"""The same for an intent in a clause of a letter, which must be a plain order or question besides."""

PROBABLY_ASKS = 0.4
"""How likely such a clause must at least ask for something."""

LETTER_WORDS = 50
"""Words from which on a message is a letter, whose clauses mostly tell why."""

UNSUPPORTED = 0.25
UNSUPPORTED_IN_A_LETTER = 0.05
"""How much an intent of the whole message counts that no single clause asks for."""

_FIRST_PERSON = re.compile(r"\b(?:i|me|my|mine|myself|i'[a-z]+|im|ive)\b")
_OTHER_PERSON = re.compile(r"\b(?:he|she|his|her|hers|him|they|their|theirs|them)\b")


@dataclass(frozen=True)
class Asked:
    """One thing asked for: the intent, how sure that is, and the words that ask for it."""

    intent: str
    confidence: float
    text: str


@dataclass(frozen=True)
class Merged:
    """A message, read again in the light of its clauses.

    Attributes:
        whole: the probability of each intent where only one is meant.
        words: those that ask for something, or all where none plainly does.
        asked: what is asked for, each intent once, in the order said; fewer than two where the whole decides.
    """

    whole: Mapping[str, float]
    words: str
    asked: Sequence[Asked] = ()


def merge(text: str, whole: Mapping[str, float], parts: Sequence[Part]) -> Merged:
    """Merge what the clauses of a message ask for.

    Args:
        text: The message.
        whole: The probability of each intent where the message is read as one.
        parts: Its clauses, none if it is one clause.
    """
    if not parts:
        return Merged(whole, text)
    letter = is_letter(text)
    plain = [part for part in parts if not letter or _is_plain(part)]
    likely = _likely(whole, parts, plain, UNSUPPORTED_IN_A_LETTER if letter else UNSUPPORTED)
    asked = _of_a_letter(likely, plain) if letter else _of_a_message(plain)
    asking = "; ".join(part.clause.text for part in plain if part.asks >= PROBABLY_ASKS)
    return Merged(likely, asking or text, _without_others(asked, letter))


def is_letter(text: str) -> bool:
    """Say whether a message is so long that most of its clauses tell why."""
    return len(text.split()) >= LETTER_WORDS


def _likely(
    whole: Mapping[str, float], parts: Sequence[Part], plain: Sequence[Part], unsupported: float
) -> dict[str, float]:
    """What the whole says, weighed by what its clauses ask for and what they rule out."""
    likely = {}
    for intent, probability in whole.items():
        support = max((_read(part, intent) * part.asks for part in plain), default=0.0)
        against = max(
            _read(part, intent) * (part.acts.get(REFUSES, 0.0) + part.acts.get(SUPPOSES, 0.0))
            for part in parts
        )
        likely[intent] = probability * (support + unsupported) * (1.0 - against * (1.0 - support))
    total = sum(likely.values()) or 1.0
    return {intent: weight / total for intent, weight in likely.items()}


def _read(part: Part, intent: str) -> float:
    return part.probabilities.get(intent, 0.0)


def _of_a_message(parts: Sequence[Part]) -> list[Asked]:
    return _merged(_asked(part, SURE_OF_A_CLAUSE) for part in parts)


def _of_a_letter(likely: Mapping[str, float], plain: Sequence[Part]) -> list[Asked]:
    orders = _merged(_asked(part, 0.0) for part in plain)
    main, sure = max(likely.items(), key=lambda entry: entry[1])
    if main not in WORTH_MERGING:
        return []
    asked = [
        each
        for each in orders
        if each.intent == main
        or (each.confidence >= SURE_OF_AN_ORDER and each.intent not in PART_OF.get(main, ()))
    ]
    if all(each.intent != main for each in asked):
        asked.insert(0, Asked(main, sure, ""))
    return [
        Asked(main, max(each.confidence, sure), each.text) if each.intent == main else each for each in asked
    ]


def _without_others(asked: list[Asked], letter: bool) -> list[Asked]:
    """What is asked for somebody else is one request, whatever it is; one's own stands beside it."""
    if all(each.intent != "on_behalf" for each in asked):
        return asked
    return [each for each in asked if each.intent == "on_behalf" or (not letter and _is_ones_own(each.text))]


def _is_ones_own(text: str) -> bool:
    readable = normalised(text)
    return _FIRST_PERSON.search(readable) is not None and _OTHER_PERSON.search(readable) is None


def _is_plain(part: Part) -> bool:
    readable = normalised(part.clause.text)
    asks = part.clause.asks and words.PLAIN_QUESTION.search(readable) is not None
    return part.asks >= PROBABLY_ASKS and (asks or words.ORDER.search(readable) is not None)


def _asked(part: Part, least: float) -> Asked | None:
    if part.clause.is_reason:
        return None
    probabilities = directed(part.clause.text, part.probabilities)
    intent, confidence = max(probabilities.items(), key=lambda entry: entry[1])
    if intent not in WORTH_MERGING or confidence * part.asks < least:
        return None
    if intent in GRAVE and guard_for(intent, part.clause.text) is not None:
        return None
    return Asked(intent, confidence, part.clause.text)


def _merged(asked: Iterable[Asked | None]) -> list[Asked]:
    found: dict[str, Asked] = {}
    for each in asked:
        if each is None:
            continue
        known = found.get(each.intent)
        found[each.intent] = (
            each
            if known is None
            else Asked(each.intent, max(known.confidence, each.confidence), f"{known.text} {each.text}")
        )
    return list(found.values())
