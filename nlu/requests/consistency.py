"""Leaves out of what the clauses of a message ask for what belongs to another request, or contradicts it."""

from __future__ import annotations

from collections.abc import Mapping

from nlu.classification.text import normalised
from nlu.requests import pointing, wordings, words
from nlu.requests.asked import HARDLY, Asked
from nlu.requests.letter_clauses import SURELY_ASKED
from nlu.requests.others import is_ones_own, names_somebody
from nlu.understanding.marketing import MARKETING, both_directions
from nlu.understanding.vocabulary import GRAVE

REVIEWED_BY_A_PERSON = frozenset({"automated_decisions", "contact_dpo"})
"""What is asked for with a person in mind: "I want somebody to look at the decision"."""

CONTRADICTED = 0.2
"""How little the whole message speaks for the one of two opposite wishes that is not meant."""

SURE_OF_BOTH_DIRECTIONS = 0.75
"""How sure two opposite wishes must be to stand side by side where no topic tells them apart."""

SURE_OF_ONES_OWN = 0.95
"""How sure one's own request must be in a letter that asks for somebody else."""

OF_WHOM = GRAVE | {"rectify"}
"""What may be asked for whoever was told of just before, without a word for them."""

SURE_BESIDE_OTHERS = 0.8
"""How sure requests must be that stand beside somebody else's who is only told of."""

SURE_WITHOUT_AN_ORDER = 0.97
"""The same where they have the form of no order: "newsletter: no, updates: yes"."""

MEANT_FOR_ANOTHER = 0.5
"""From here on, the message as a whole is made for somebody else, whatever is said of their wishes."""


def without_doubtful(asked: list[Asked], whole: Mapping[str, float], letter: bool) -> list[Asked]:
    """Leave out what belongs to another of the requests, or contradicts it.

    Args:
        asked: What is asked for.
        whole: The probability of each intent where the message is read as one.
        letter: Whether it is a letter.
    """
    intents = {each.intent for each in asked}
    if {"opt_in", "opt_out"} <= intents and not both_directions(" ".join(each.text for each in asked)):
        weaker = min(("opt_in", "opt_out"), key=lambda intent: whole.get(intent, 0.0))
        both_sure = all(
            each.confidence >= SURE_OF_BOTH_DIRECTIONS
            and (letter or each.confidence >= SURE_WITHOUT_AN_ORDER or _is_ordered(each.text))
            for each in asked
            if each.intent in MARKETING
        )
        if whole.get(weaker, 0.0) < CONTRADICTED and not both_sure:
            asked = [each for each in asked if each.intent != weaker]
    looked_at = intents & REVIEWED_BY_A_PERSON or whole.get("out_of_scope", 0.0) >= SURELY_ASKED
    if looked_at and whole.get("talk_to_human", 0.0) < HARDLY:
        asked = [each for each in asked if each.intent != "talk_to_human" or _talks(each.text)]
    if "automated_decisions" in intents:
        # A person who goes over a decision is what Article 22(3) of the UK GDPR gives a right to.
        asked = [each for each in asked if each.intent != "talk_to_human" or not _goes_over_it(each.text)]
    if "customers_customer" in intents:
        asked = [each for each in asked if each.intent == "customers_customer" or _is_of_us(each.text)]
    if "report_breach" in intents:
        asked = [each for each in asked if each.intent != "on_behalf" or _wishes(each.text)]
    return _without_others(asked, whole, letter)


def _without_others(asked: list[Asked], whole: Mapping[str, float], letter: bool) -> list[Asked]:
    """What is asked for somebody else is one request, whatever it is; one's own stands beside it."""
    if not letter and whole.get("on_behalf", 0.0) < HARDLY:
        asked = [each for each in asked if each.intent != "on_behalf" or names_somebody(each.text)]
    others = [each for each in asked if each.intent == "on_behalf"]
    own = [each for each in asked if each.intent != "on_behalf" and is_ones_own(each.text)]
    if not others:
        return asked
    told = not any(_wishes(each.text) for each in others) and whole.get("on_behalf", 0.0) < MEANT_FOR_ANOTHER
    if own and not letter and told:
        return own  # "My friend got a copy of hers, I'd like mine": that one was only told
    rest = [each for each in asked if each not in others]
    sure = [each for each in rest if each.confidence >= SURE_BESIDE_OTHERS and each.intent not in OF_WHOM]
    if told and rest and rest == sure:
        return rest
    return [
        each
        for each in asked
        if each in others or (each in own and (not letter or each.confidence >= SURE_OF_ONES_OWN))
    ]


def _is_ordered(text: str) -> bool:
    return words.ORDER.search(normalised(text)) is not None


def _talks(text: str) -> bool:
    return wordings.TALKS.search(normalised(text)) is not None


def _goes_over_it(text: str) -> bool:
    readable = normalised(text)
    return pointing.GOES_OVER_IT.search(readable) is not None and pointing.BY_VOICE.search(readable) is None


def _is_of_us(text: str) -> bool:
    """Whether a clause speaks of whoever writes and of the company, and so not of the company's customer."""
    readable = normalised(text)
    own = is_ones_own(text) and wordings.TO_YOU.search(readable) is not None
    return own or wordings.YOUR_OWN.search(readable) is not None


def _wishes(text: str) -> bool:
    return _is_ordered(text) or words.OTHERS_WISH.search(normalised(text)) is not None
