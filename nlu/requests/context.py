"""The clauses of a message, read by those that stand just before and after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nlu.classification.text import normalised
from nlu.requests import pointing, wordings
from nlu.requests.acts import ASKS, REFUSES
from nlu.requests.interfaces import Part
from nlu.requests.letter_clauses import SURELY_ASKED, as_taken_off
from nlu.requests.likelihoods import SURE_BY_ITS_WORDS, moved
from nlu.understanding.vocabulary import GRAVE, REQUESTS

SPEAKS_OF = 0.5
"""How likely a clause must be for an intent, for "what they are" to ask for that."""

GOES_ON = REQUESTS - {"complaint", "report_breach", "on_behalf"}
"""What "kindly stop" may go on with."""


def in_their_context(parts: Sequence[Part]) -> list[Part]:
    """Read the clauses of a message by their neighbours.

    Args:
        parts: The clauses, in order.
    """
    read: list[Part] = []
    for number, part in enumerate(parts):
        before = read[-1] if read else None
        after = parts[number + 1] if number + 1 < len(parts) else None
        read.append(
            _as_not_meant(part, after)
            or _as_called_off(part, after)
            or as_taken_off(part, read)
            or (before and (_as_the_product(part, before) or _as_it_goes_on(part, before)))
            or part
        )
    return read


def meant_of_the_product(alone: Sequence[Part], in_context: Sequence[Part]) -> frozenset[str]:
    """Return what is grave that only clauses about the product sounded like, and so the whole message.

    Args:
        alone: The clauses.
        in_context: The same, as `in_their_context` returns them.
    """
    taken = {
        before.surest[0]
        for before, after in zip(alone, in_context, strict=True)
        if after.surest[0] == "out_of_scope"
    }
    return GRAVE & taken - {part.surest[0] for part in in_context}


def with_what_is_called_off(text: str, whole: Mapping[str, float]) -> Mapping[str, float]:
    """Read "do not go ahead with PR-…" as the request taken back that it is.

    Args:
        text: The message.
        whole: The probability of each intent where it is read as one.
    """
    if not whole or not pointing.CALLS_OFF.fullmatch(normalised(text)):
        return whole
    return moved(whole, max(whole, key=lambda intent: whole[intent]), "withdraw_request")


def _as_not_meant(part: Part, after: Part | None) -> Part | None:
    """Rule out what is said to be not what is asked: "you can stop the emails, that's not what I'm after"."""
    if after is None or not wordings.NOT_WHAT_IS_ASKED.search(normalised(after.clause.text)):
        return None
    return replace(part, acts={REFUSES: SURE_BY_ITS_WORDS, ASKS: 1 - SURE_BY_ITS_WORDS})


def _as_called_off(part: Part, after: Part | None) -> Part | None:
    """Read "that request to have my data removed, scrap it" as the request taken back that it is."""
    intent = part.surest[0]
    scrapped = after is not None and pointing.SCRAPS_IT.match(normalised(after.clause.text)) is not None
    made = pointing.A_REQUEST_MADE.match(normalised(part.clause.text)) is not None
    if intent not in GRAVE or not (made and scrapped):
        return None
    return replace(part, probabilities=moved(part.probabilities, intent, "withdraw_request"))


def _as_the_product(part: Part, before: Part) -> Part | None:
    """Read "get rid of it" as about the product where that was spoken of: no record of a contact is meant."""
    intent, sure = before.surest
    erases = part.surest[0] == "erase"
    if not erases or intent != "out_of_scope" or sure < SURELY_ASKED:
        return None
    readable = normalised(part.clause.text)
    if not wordings.POINTS_BACK.search(readable) or wordings.OWN.search(readable):
        return None
    return replace(part, probabilities=moved(part.probabilities, "erase", "out_of_scope"))


def _as_it_goes_on(part: Part, before: Part) -> Part | None:
    """Read "kindly stop", "what they are" and "their address" as going on with what stands before."""
    readable = normalised(part.clause.text)
    intent, sure = before.surest
    stops = wordings.ONLY_STOP.match(readable) and sure >= SURELY_ASKED and intent in GOES_ON
    asks = wordings.WHAT_THEY_ARE.search(readable) and sure >= SPEAKS_OF and intent == "view_preferences"
    officer = wordings.THEIR_ADDRESS.search(readable) and sure >= SURELY_ASKED and intent == "contact_dpo"
    if not stops and not asks and not officer:
        return None
    return replace(part, probabilities=moved(part.probabilities, part.surest[0], intent))
