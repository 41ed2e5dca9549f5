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
from nlu.understanding.marketing import both_directions, directed
from nlu.understanding.vocabulary import GRAVE, PART_OF, QUESTIONS, REQUESTS

WORTH_MERGING = REQUESTS | QUESTIONS | {"talk_to_human"}
"""What counts beside another request; a courtesy does not."""

SURE_OF_A_CLAUSE = 0.6
"""How likely a clause must at least ask, and for this intent, to make a request of its own."""

SURE_OF_AN_ORDER = 0.8
"""The same for an intent in a clause of a letter, which must be a plain order or question besides."""

PROBABLY_ASKS = 0.4
"""How likely such a clause must at least ask for something."""

LETTER_WORDS = 50
"""Words from which on a message is a letter, whose clauses mostly tell why."""

UNSUPPORTED = 0.25
UNSUPPORTED_IN_A_LETTER = 0.05
"""How much an intent of the whole message counts that no single clause asks for."""

TOLD = frozenset({"on_behalf", "customers_customer", "report_breach"})
"""Intents that are told rather than asked for: "I am writing for my mother"."""

CONTRADICTED = 0.2
"""How little the whole message speaks for the one of two opposite wishes that is not meant."""

SURELY_GRAVE = 0.88
"""How likely a clause must ask for a grave right where the rest of the message does not speak for it."""

LEAST_IF_GRAVE = 0.1
"""How much the whole message must at least speak for a grave request that no plain order makes."""

SURE_OF_WHAT_IS_TOLD = 0.8

_OWN = re.compile(
    r"\b(?:mine|my own|myself"
    r"|my (?:personal |own )?(?:data|details|record|file|info\w*|name|number|account))\b"
)
PLAIN_WITHOUT_CONTEXT = GRAVE | {"portability", "access", "opt_out", "opt_in"}
"""Intents that an order such as "erase it" or "send me that" tells, whatever stands before it."""

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
        asked: what is asked for, each intent once, in the order said; nothing where the whole decides.
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
    asked = _of_a_letter(likely, plain) if letter else _of_a_message(plain, whole)
    asking = "; ".join(part.clause.text for part in plain if part.asks >= PROBABLY_ASKS)
    sure = _without_doubtful(asked, whole, letter)
    return Merged(likely, asking or text, sure if letter or len(asked) > 1 else ())


def is_letter(text: str) -> bool:
    """Say whether a message is so long that most of its clauses tell why."""
    return len(text.split()) >= LETTER_WORDS


def _likely(
    whole: Mapping[str, float], parts: Sequence[Part], plain: Sequence[Part], unsupported: float
) -> dict[str, float]:
    """What the whole says, weighed by what its clauses ask for and what they rule out."""
    likely = {}
    own = any(_asks_for_oneself(part) for part in plain)
    for intent, probability in whole.items():
        if intent in TOLD and not (intent == "on_behalf" and own):
            support = max(_told(part, intent) for part in parts)
        else:
            support = max((_read(part, intent) * part.asks for part in plain), default=0.0)
        against = max(
            _read(part, intent) * (part.acts.get(REFUSES, 0.0) + part.acts.get(SUPPOSES, 0.0))
            for part in parts
        )
        likely[intent] = probability * (support + unsupported) * (1.0 - against * (1.0 - support))
    total = sum(likely.values()) or 1.0
    return {intent: weight / total for intent, weight in likely.items()}


def _told(part: Part, intent: str) -> float:
    probability = _read(part, intent)
    return probability if probability >= SURE_OF_WHAT_IS_TOLD else probability * part.asks


def _asks_for_oneself(part: Part) -> bool:
    asked = _asked(part, SURE_OF_A_CLAUSE)
    readable = normalised(part.clause.text)
    return bool(
        asked and asked.intent != "on_behalf" and _OWN.search(readable) and not _OTHER_PERSON.search(readable)
    )


def _read(part: Part, intent: str) -> float:
    return part.probabilities.get(intent, 0.0)


def _of_a_message(parts: Sequence[Part], whole: Mapping[str, float]) -> list[Asked]:
    asked: list[Asked] = []
    for part in parts:
        found = _asked(part, SURE_OF_A_CLAUSE)
        if found is None or not (
            whole.get(found.intent, 0.0) >= LEAST_IF_GRAVE or _is_surely_ordered(found, part)
        ):
            continue
        asked.append(_in_context(found, asked[-1]) if asked else found)
    return _merged(asked)


def _is_surely_ordered(found: Asked, part: Part) -> bool:
    if found.intent not in GRAVE or found.confidence * part.asks >= SURELY_GRAVE:
        return True
    return words.ORDER.search(normalised(found.text)) is not None


def _in_context(found: Asked, before: Asked) -> Asked:
    """Read "update it" as part of what stands before, unless it plainly is something else."""
    if found.intent in PLAIN_WITHOUT_CONTEXT or not words.ANAPHORA.match(normalised(found.text)):
        return found
    return Asked(before.intent, before.confidence, found.text)


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


def _without_doubtful(asked: list[Asked], whole: Mapping[str, float], letter: bool) -> list[Asked]:
    """Leave out what belongs to another of the requests, or contradicts it."""
    intents = {each.intent for each in asked}
    if {"opt_in", "opt_out"} <= intents and not both_directions(" ".join(each.text for each in asked)):
        weaker = min(("opt_in", "opt_out"), key=lambda intent: whole.get(intent, 0.0))
        if whole.get(weaker, 0.0) < CONTRADICTED:
            asked = [each for each in asked if each.intent != weaker]
    if "customers_customer" in intents:
        asked = [each for each in asked if each.intent == "customers_customer" or _is_ones_own(each.text)]
    return _without_others(asked, letter)


def _without_others(asked: list[Asked], letter: bool) -> list[Asked]:
    """What is asked for somebody else is one request, whatever it is; one's own stands beside it."""
    others = [each for each in asked if each.intent == "on_behalf"]
    own = [each for each in asked if each.intent != "on_behalf" and _is_ones_own(each.text)]
    if not others:
        return asked
    if own and not letter and not any(_wishes(each.text) for each in others):
        return own  # "My friend got a copy of hers, I'd like mine": that one was only told
    return [each for each in asked if each in others or (each in own and not letter)]


def _wishes(text: str) -> bool:
    readable = normalised(text)
    return words.ORDER.search(readable) is not None or words.OTHERS_WISH.search(readable) is not None


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
