"""What a message asks for that is no letter: which clauses count, and what the whole says beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from nlu.classification.text import normalised
from nlu.placeholders.patterns import is_bare_value
from nlu.requests import wordings, words
from nlu.requests.acts import REFUSES, SUPPOSES
from nlu.requests.asked import (
    ASKED_FOR_BY_QUESTIONS,
    ASKS_HOW,
    HARDLY,
    SPOKEN_FOR,
    SURE_OF_A_CLAUSE,
    SURE_OF_WHAT_IS_TOLD,
    SURELY_A_QUESTION,
    WORTH_MERGING,
    Asked,
    asked_by,
    is_threatened,
    merged,
    only_rules_out,
    position_of,
)
from nlu.requests.interfaces import Part
from nlu.requests.others import speaks_of_oneself
from nlu.understanding.guards import Guard, guard_for, is_mentioned, is_reported
from nlu.understanding.marketing import MARKETING
from nlu.understanding.vocabulary import GRAVE, REQUESTS

SURE_WITHOUT_THE_WHOLE = 0.77
"""How likely a clause must ask, and for this, where the message as a whole does not speak for it."""

SURE_UNMENTIONED = 0.8
"""The same for what is grave and ordered in none of the words for it: "keep my data" orders no erasure."""

SURE_UNNAMED: Mapping[str, float] = {"erase": 1.1, "withdraw_consent": 0.95}
"""The same for what most other words may mean, too: no clause erases beside another request without a word
for that, however sure it is."""

SURE_BESIDE_A_QUESTION = 0.8
"""The same where the message as a whole asks how something would be; it must be a plain order besides."""

SURELY_GRAVE = 0.88
"""How likely a clause must ask for a grave right where the rest of the message does not speak for it."""

ALSO_ASKED = 0.25
"""How much the whole must speak for the other kind of question, to be a second one, and for a grave right
that a clause asks for in none of its words."""

SURE_OF_A_QUESTION = 0.85
"""How likely a clause must ask how something would be that does not look like a question."""

RATHER_A_QUESTION = 0.5
"""From here on, "can I…" asks whether one may."""

SURELY_TOLD = 0.95
"""How likely it must be where it is only told."""

TOLD_RATHER = frozenset({"complaint", "rectify", "account_help"})

MAY_ASK = 0.3
"""How likely a clause must at least ask that says what a detail should be."""

SURELY_A_REQUEST = 0.85
"""How likely a clause must ask, and for this, to stand beside what the whole message seems to be about."""

SAID_IN_PASSING = frozenset({"out_of_scope", "greet", "thank", "goodbye", "help"})
"""What a message may mostly consist of that all the same asks for one thing."""

ASKED_OF_THE_PRODUCT = ASKS_HOW | {"account_help"}
"""What a question about the product sounds like: "is there a bulk delete?". Others speak of whoever asks."""

MAY_MEAN = 0.3
"""How likely another clause must then be for that."""

TOLD_OF_OTHERS = frozenset({"on_behalf", "customers_customer"})
"""What the words of a message sound like as soon as somebody else is told of."""

PLAIN_WITHOUT_CONTEXT = GRAVE | {"portability", "access", "opt_out", "opt_in", "withdraw_request", "rectify"}
"""Intents that an order such as "erase it" or "send me that" tells, whatever stands before it."""


def of_a_message(parts: Sequence[Part], whole: Mapping[str, float]) -> list[Asked]:
    """Return what the clauses of a message ask for that is no letter, in the order said.

    Args:
        parts: The clauses.
        whole: The probability of each intent where the message is read as one.
    """
    asked: list[Asked] = []
    question = whole.get("ask_rights", 0.0) >= SURELY_A_QUESTION
    loosely = any(wordings.WHATEVER_ITS_NAME.search(normalised(part.clause.text)) for part in parts)
    ruled_out = {
        intent for part in parts for intent in GRAVE if guard_for(intent, part.clause.text) is Guard.NEGATED
    }
    for part in parts:
        found = asked_by(part, SURE_OF_A_CLAUSE) or _told(part, whole)
        if found is not None and asked and is_threatened(found, part):
            continue
        if found is not None and found.intent in ruled_out and not is_mentioned(found.intent, found.text):
            continue
        if found is not None and _counts(found, part, whole, question=question, loosely=loosely):
            asked.append(_in_context(found, asked[-1]) if asked else found)
    if sum(whole.get(intent, 0.0) for intent in ASKS_HOW) >= SURELY_A_QUESTION:
        asked = _with_the_question(asked, parts, whole)
    return _unless_the_whole_differs(merged(_with_what_they_rule_out(asked, parts)), whole)


def with_what_the_whole_says(
    asked: list[Asked], likely: Mapping[str, float], parts: Sequence[Part]
) -> list[Asked]:
    """Put what a message seems to be about beside the one other request that its clauses surely make.

    Args:
        asked: What its clauses ask for.
        likely: The probability of each intent where only one is meant.
        parts: The clauses.
    """
    main, sure = max(likely.items(), key=lambda entry: entry[1], default=("", 0.0))
    if len(asked) != 1 or main not in WORTH_MERGING - TOLD_OF_OTHERS or main == asked[0].intent:
        return asked
    others = [part for part in parts if part.clause.text not in asked[0].text and _may_mean(main, part)]
    if not others or not _is_surely_made(asked[0], parts):
        return asked
    other = max(others, key=lambda part: part.probabilities[main])
    found = Asked(main, sure, other.clause.text)
    return [found, *asked] if parts.index(other) < position_of(asked[0], parts) else [*asked, found]


def is_asked_in_passing(asked: Sequence[Asked], likely: Mapping[str, float], parts: Sequence[Part]) -> bool:
    """Whether one thing is surely asked in a message that seems to be small talk, or about something else.

    Args:
        asked: What its clauses ask for.
        likely: The probability of each intent where only one is meant.
        parts: The clauses.
    """
    main, _ = max(likely.items(), key=lambda entry: entry[1], default=("", 0.0))
    beside = main in SAID_IN_PASSING or (
        main == "stop" and [each.intent for each in asked] == ["talk_to_human"]
    )
    if len(asked) != 1 or not beside or asked[0].intent in GRAVE:
        return False
    if (
        main == "out_of_scope"
        and asked[0].intent in ASKED_OF_THE_PRODUCT
        and not speaks_of_oneself(asked[0].text)
    ):
        return False
    return _is_surely_made(asked[0], parts)


def _is_surely_made(asked: Asked, parts: Sequence[Part]) -> bool:
    asks = max(part.asks for part in parts if part.clause.text in asked.text)
    return asks * asked.confidence >= SURELY_A_REQUEST


def _may_mean(intent: str, part: Part) -> bool:
    against = part.acts.get(REFUSES, 0.0) + part.acts.get(SUPPOSES, 0.0)
    text = part.clause.text
    held_back = intent in GRAVE and (not is_mentioned(intent, text) or guard_for(intent, text) is not None)
    return part.probabilities.get(intent, 0.0) >= MAY_MEAN and against < 0.5 and not held_back


def _with_what_they_rule_out(asked: Sequence[Asked], parts: Sequence[Part]) -> list[Asked]:
    """Put "not the newsletter" to the wish for another topic just before it, which goes both ways then."""
    ruled_out = {
        part.clause.text: after.clause.text
        for part, after in pairwise(parts)
        if part.clause.sentence == after.clause.sentence and only_rules_out(after.clause.text)
    }
    return [
        Asked(each.intent, each.confidence, f"{each.text}, {ruled_out[each.text]}")
        if each.intent in MARKETING and each.text in ruled_out
        else each
        for each in asked
    ]


def without_refusals(asked: list[Asked]) -> list[Asked]:
    """Beside another request, "don't delete me" mostly only says what is not asked for."""
    if len(asked) < 2:
        return asked
    return [
        each
        for each in asked
        if each.intent != "withdraw_request"
        or not each.text  # the whole letter is about it
        or wordings.OF_A_REQUEST_MADE.search(normalised(each.text))
    ]


def _counts(found: Asked, part: Part, whole: Mapping[str, float], *, question: bool, loosely: bool) -> bool:
    said = found.confidence * part.asks
    spoken_for = whole.get(found.intent, 0.0) >= SPOKEN_FOR
    readable = normalised(found.text)
    ordered = words.ORDER.search(readable) is not None
    if found.intent in ASKS_HOW:
        asks = part.clause.asks or ordered or words.PLAIN_QUESTION.search(readable) is not None
        said = part.asks * sum(part.probabilities.get(intent, 0.0) for intent in ASKS_HOW)
        sure = said >= SURE_WITHOUT_THE_WHOLE if asks else said >= SURE_OF_A_QUESTION
        return spoken_for or (sure and not is_reported(found.text))
    asks_whether = wordings.MAY_I.match(readable) is not None and "please" not in readable
    asks_how = sum(whole.get(intent, 0.0) for intent in ASKS_HOW)
    if asks_whether and found.intent in REQUESTS and asks_how >= RATHER_A_QUESTION:
        return False
    if question and found.intent in REQUESTS:
        whole_order = ordered and " " in readable.strip() and not asks_whether
        if found.intent in GRAVE:
            return said >= SURE_BESIDE_A_QUESTION and whole_order
        asked_for = (
            found.intent in ASKED_FOR_BY_QUESTIONS and words.PLAIN_QUESTION.search(readable) is not None
        )
        plainly = said >= SURELY_TOLD and not asks_whether
        return whole_order or plainly or asked_for or _is_told(found, part)
    unnamed = found.intent in GRAVE and not loosely and not is_mentioned(found.intent, found.text)
    # "I want it to cease" and "I don't agree" may be about anything, however sure they sound.
    unsure = said < SURE_UNNAMED.get(found.intent, SURE_UNMENTIONED)
    if unnamed and unsure and whole.get(found.intent, 0.0) < ALSO_ASKED:
        return False
    if spoken_for or _is_told(found, part):
        return True
    if found.intent in GRAVE and not loosely:
        meant = is_mentioned(found.intent, found.text) or said >= SURE_UNMENTIONED
        return said >= SURELY_GRAVE or (ordered and meant)
    return found.intent not in GRAVE and (ordered or said >= SURE_WITHOUT_THE_WHOLE)


def _with_the_question(asked: list[Asked], parts: Sequence[Part], whole: Mapping[str, float]) -> list[Asked]:
    """Put the question that the whole surely asks among the orders that stand beside it, in its place."""
    if not asked or any(each.intent in ASKS_HOW for each in asked):
        return asked
    main = max(ASKS_HOW, key=lambda intent: whole.get(intent, 0.0))
    asks = max(parts, key=lambda part: max(part.probabilities.get(intent, 0.0) for intent in ASKS_HOW))
    texts = [part.clause.text for part in parts]
    question = Asked(main, whole[main], asks.clause.text)
    before = [each for each in asked if texts.index(each.text) < texts.index(question.text)]
    return [*before, question, *asked[len(before) :]]


def _told(part: Part, whole: Mapping[str, float]) -> Asked | None:
    """What is mostly told rather than asked for: a complaint, or what a detail should be."""
    intent, sure = part.surest
    refused = part.acts.get(REFUSES, 0.0) >= 0.5 and not wordings.CANNOT.search(normalised(part.clause.text))
    # A name and an address alone say who writes.
    if intent not in TOLD_RATHER or sure < SURE_OF_WHAT_IS_TOLD or refused or is_bare_value(part.clause.text):
        return None
    found = Asked(intent, sure, part.clause.text)
    return found if whole.get(intent, 0.0) >= SPOKEN_FOR or _is_told(found, part) else None


def _is_told(found: Asked, part: Part) -> bool:
    if found.intent != "rectify" or part.acts.get(SUPPOSES, 0.0) + part.acts.get(REFUSES, 0.0) >= 0.5:
        return False
    readable = normalised(found.text)
    certain = part.asks >= MAY_ASK or (
        found.confidence >= SURELY_TOLD and wordings.OWN_DETAIL.search(readable) is not None
    )
    return certain and wordings.SAYS_WHAT_IS_RIGHT.search(readable) is not None


def _in_context(found: Asked, before: Asked) -> Asked:
    """Read "update it" as part of what stands before, unless it plainly is something else."""
    if found.intent in PLAIN_WITHOUT_CONTEXT or not words.ANAPHORA.match(normalised(found.text)):
        return found
    return Asked(before.intent, before.confidence, found.text)


def _unless_the_whole_differs(asked: list[Asked], whole: Mapping[str, float]) -> list[Asked]:
    """Leave out what only clauses say where the whole surely is something that none of them says."""
    main, sure = max(whole.items(), key=lambda entry: entry[1], default=("", 0.0))
    intents = {each.intent for each in asked}
    if main in ASKS_HOW:
        # "Delete, and then what? Do your suppliers hear of it?" is one question.
        asked = [
            each
            for each in asked
            if each.intent not in ASKS_HOW
            or each.intent == main
            or each.confidence >= SURELY_TOLD
            or whole.get(each.intent, 0.0) >= HARDLY
        ]
    if main not in WORTH_MERGING or main in intents or sure < SURELY_A_QUESTION:
        return asked
    if sum(each.confidence >= SURELY_TOLD for each in asked) > 1:
        return asked  # two clauses that are sure know better than what they sound like together
    return [
        each
        for each in asked
        if whole.get(each.intent, 0.0) >= HARDLY
        or each.confidence >= SURE_OF_WHAT_IS_TOLD
        or words.ORDER.search(normalised(each.text))
    ]
