"""Clauses of letters that order something in so many words, whatever else they speak of."""

from __future__ import annotations

from dataclasses import replace

from nlu.classification.text import normalised
from nlu.requests import pointing, wordings
from nlu.requests.acts import ASKS
from nlu.requests.asked import SURE_OF_A_CLAUSE
from nlu.requests.interfaces import Part
from nlu.requests.likelihoods import SURE_BY_ITS_WORDS, surely
from nlu.understanding.guards import guard_for, is_supposed
from nlu.understanding.vocabulary import GRAVE

SAYS_WHAT_IT_IS = {
    "complaint": pointing.IS_A_COMPLAINT,
    "rectify": pointing.HAS_PUT_RIGHT,
    "request_status": pointing.WHERE_IT_STANDS,
    "withdraw_consent": pointing.REVOKES,
}
"""Words that leave no doubt what a clause asks for, whatever the letter is about."""


def as_ordered(part: Part) -> Part | None:
    """Read "please erase whatever you need not keep" as an order, whatever else it speaks of."""
    intent, sure = part.surest
    text = part.clause.text
    readable = normalised(text)
    written_for = wordings.WRITES_TO.search(readable) is not None
    also = pointing.ALSO_ASKS.search(readable) or pointing.FORMALLY_ASKS.search(readable)
    ordered = written_for or also or wordings.PLEASE_DO.search(readable) is not None
    if intent not in GRAVE or sure < SURE_OF_A_CLAUSE or not ordered or guard_for(intent, text) is not None:
        return None
    asks = max(part.asks_in_a_letter, SURE_BY_ITS_WORDS if written_for or also else 0.0)
    return replace(
        part,
        probabilities=surely(intent, part.probabilities),
        acts={ASKS: SURE_BY_ITS_WORDS},
        asks_in_a_letter=asks,
        in_context=1.0 if also else part.in_context,
    )


def as_said(part: Part) -> Part | None:
    """Read "it is also a complaint", and "tell me where the matter stands", as the requests that they are."""
    intent = part.surest[0]
    words = SAYS_WHAT_IT_IS.get(intent)
    if words is None or not words.search(normalised(part.clause.text)):
        return None
    if guard_for(intent, part.clause.text) is not None or is_supposed(part.clause.text):
        return None
    return replace(
        part,
        probabilities=surely(intent, part.probabilities),
        acts={ASKS: SURE_BY_ITS_WORDS},
        asks_in_a_letter=SURE_BY_ITS_WORDS,
        in_context=1.0,
    )


def as_put_right(part: Part) -> Part | None:
    """Read "I should be obliged if you would put that right" as the order that it is."""
    intent, sure = part.surest
    text = normalised(part.clause.text)
    if intent != "rectify" or sure < SURE_OF_A_CLAUSE or not pointing.PUTS_RIGHT.search(text):
        return None
    said = pointing.PUTS_RIGHT.sub(r"\g<asked>correct what you hold", text)
    return replace(
        part,
        clause=replace(part.clause, text=said, so_far=said),
        probabilities=surely("rectify", part.probabilities),
        acts={ASKS: SURE_BY_ITS_WORDS},
        asks_in_a_letter=SURE_BY_ITS_WORDS,
    )
