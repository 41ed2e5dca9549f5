"""What single clauses ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlu.classification.text import normalised
from nlu.requests import pointing, wordings
from nlu.requests.interfaces import Part
from nlu.understanding.guards import guard_for, is_conditional, is_supposed
from nlu.understanding.marketing import directed
from nlu.understanding.vocabulary import GRAVE, QUESTIONS, REQUESTS

WORTH_MERGING = REQUESTS | QUESTIONS | {"talk_to_human"}
"""What counts beside another request; a courtesy does not."""

SURE_OF_A_CLAUSE = 0.6
"""How likely a clause must at least ask, and for this intent, to make a request of its own."""

PROBABLY_ASKS = 0.4
"""How likely such a clause must at least ask for something."""

SPOKEN_FOR = 0.05
"""How much the whole message must at least speak for a request, to be said to speak for it at all."""

HARDLY = 0.05
"""Below this, the whole message does not speak for an intent."""

SURELY_A_QUESTION = 0.85
"""From here on, the whole message asks how something would be."""

SURE_OF_WHAT_IS_TOLD = 0.9
"""How likely a clause must be for an intent that is mostly told rather than asked for."""

SURE_WHAT_IS_SUPPOSED = 0.95
"""How sure it must be, beside the other clauses of a letter, that a clause asks whose words sound like a
supposition: "please remove me, there's nothing that I could want"."""

ASKED_FOR_BY_QUESTIONS = frozenset({"access", "view_preferences"})
"""Requests that are made by a question as often as by an order: "what do you hold?"."""

MADE_ANEW = REQUESTS - {"complaint", "request_status", "withdraw_request"}
"""Requests that say nothing of an earlier one."""

ASKS_HOW = frozenset({"ask_rights", "ask_policy"})


@dataclass(frozen=True)
class Asked:
    """One thing asked for: the intent, how sure that is, and the words that ask for it."""

    intent: str
    confidence: float
    text: str


def asked_by(part: Part, least: float) -> Asked | None:
    """Return what a clause asks for, if anything.

    Args:
        part: The clause.
        least: How likely it must ask, and for this intent.
    """
    if part.clause.is_reason or part.clause.is_alternative:
        return None
    text = part.clause.text
    probabilities = to_see_or_to_have(text, directed(text, part.probabilities))
    intent, confidence = max(probabilities.items(), key=lambda entry: entry[1])
    if intent not in WORTH_MERGING or confidence * part.asks < least:
        return None
    if intent in GRAVE and (guard_for(intent, text) is not None or is_conditional(part.clause.so_far)):
        return None
    if intent in REQUESTS and _goes_on_telling(part):
        return None
    if intent in MADE_ANEW and wordings.OF_AN_EARLIER_REQUEST.search(normalised(text)):
        return None
    ordered = part.in_context >= SURE_WHAT_IS_SUPPOSED and wordings.PLEASE_DO.search(normalised(text))
    supposed = is_supposed(text) and not ordered
    if intent in REQUESTS and (supposed or (intent != "complaint" and only_rules_out(text))):
        return None
    return Asked(intent, confidence, text)


def merged(asked: Iterable[Asked | None]) -> list[Asked]:
    """Join what asks for the same, and leave out what asks for nothing."""
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


def position_of(asked: Asked, parts: Sequence[Part]) -> int:
    """Which of the clauses asks for it first; -1 where none does, but the whole."""
    return next((number for number, part in enumerate(parts) if part.clause.text in asked.text), -1)


def only_rules_out(text: str) -> bool:
    """Whether a clause only says what is not meant: "not the address"."""
    return wordings.ONLY_RULES_OUT.match(normalised(text)) is not None


def to_see_or_to_have(text: str, probabilities: Mapping[str, float]) -> Mapping[str, float]:
    """Access is to see or to know, portability is to have: plain words decide between the two."""
    both = probabilities.get("access", 0.0) + probabilities.get("portability", 0.0)
    if both < SURE_OF_A_CLAUSE:
        return probabilities
    readable = normalised(text)
    see, have = wordings.TO_SEE.search(readable), wordings.TO_HAVE.search(readable)
    if wordings.PARTICULARS.search(readable):
        see, have = wordings.PARTICULARS.search(readable), None
    if bool(see) == bool(have):
        return probabilities
    meant, other = ("access", "portability") if see else ("portability", "access")
    if probabilities.get(meant, 0.0) < SPOKEN_FOR:
        return probabilities
    return {**probabilities, meant: both, other: 0.0}


def _goes_on_telling(part: Part) -> bool:
    """Whether a clause goes on with what was asked before: "he asked you to delete me and freeze it"."""
    clause = part.clause
    before = normalised(clause.so_far.removesuffix(clause.text).rstrip().removesuffix(clause.joint))
    return (
        pointing.GOES_ON.match(clause.joint) is not None
        and wordings.SPEAKS.match(normalised(clause.text)) is None
        and pointing.ASKED_THEM_TO.search(before) is not None
    )


def is_threatened(found: Asked, part: Part) -> bool:
    """Whether a complaint is what follows if the requests before it are not served."""
    said = normalised(part.clause.so_far or found.text)
    return found.intent == "complaint" and wordings.THREAT.search(said) is not None
