"""The clauses of a letter, read by the rights they name, by their form and by what they point back at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nlu.classification.text import normalised
from nlu.requests import pointing, wordings, words
from nlu.requests.acts import ASKS, REFUSES, TELLS
from nlu.requests.asked import (
    MADE_ANEW,
    PROBABLY_ASKS,
    SURE_OF_A_CLAUSE,
    WORTH_MERGING,
    to_see_or_to_have,
)
from nlu.requests.citations import objects_to_marketing_alone, right_made_use_of
from nlu.requests.interfaces import Part
from nlu.requests.letter_orders import as_ordered, as_put_right, as_said
from nlu.requests.likelihoods import SURE_BY_ITS_WORDS, moved, surely
from nlu.understanding.guards import Guard, guard_for, is_mentioned, is_reported, is_supposed
from nlu.understanding.vocabulary import GRAVE, REQUESTS

LISTED = REQUESTS - {"complaint", "on_behalf", "report_breach", "withdraw_request"}
"""What a list of wishes names without a verb."""

ITEM_WORDS = 4
"""Words that such an item has at least: "the recipients" are part of another."""

SURELY_ASKED = 0.85
"""How likely a clause must ask for an intent that the whole is then never taken to rule out."""

SURE_WHATEVER_ITS_FORM = 0.9
"""How sure all three must be, what a clause is for and that it asks, to need no plain form."""

SURE_IN_CONTEXT = 0.85
"""How sure it must be, beside the other clauses, that a clause asks for its intent, to need no plain form,
nor to be spoken for by the letter as a whole."""

TOLD_IN_LETTERS = frozenset({"report_breach", "customers_customer", "on_behalf", "out_of_scope"})
"""What letters tell beside what they ask for, so that it is never so sure."""

NAMED_WITHIN = 3
"""Clauses back in which mailings, or a consent, may be named that a clause points at."""

ONLY_SAID = {
    "contact_dpo": pointing.PASSED_ON,
    "request_status": pointing.ONCE_DONE,
    "rectify": pointing.INTRODUCES,
}
"""Words that sound like a request and only say how the letter is meant to be read."""

REFUSED = 0.5
"""From here on, a clause rules out what it speaks of."""


def as_letters_go(
    text: str, whole: Mapping[str, float], parts: Sequence[Part]
) -> tuple[Mapping[str, float], list[Part]]:
    """Read the clauses of a letter by the rights they name, and by what they point back at.

    Args:
        text: The letter.
        whole: The probability of each intent where it is read as one.
        parts: Its clauses.

    Returns:
        Both, read so.
    """
    if objects_to_marketing_alone(text):
        whole = moved(whole, "object", "opt_out")
        parts = [
            replace(part, probabilities=moved(part.probabilities, "object", "opt_out")) for part in parts
        ]
    read: list[Part] = []
    for part in parts:
        part = replace(part, probabilities=to_see_or_to_have(part.clause.text, part.probabilities))
        read.append(
            _as_no_contact(part)
            or _as_no_marketing(part)
            or _as_taken_back(part)
            or as_taken_off(part, read)
            or _as_consent_withdrawn(part, read)
            or _as_consent_to_mailings(part)
            or _as_told(part, read)
            or as_put_right(part)
            or as_said(part)
            or as_ordered(part)
            or _as_it_names(part)
            or _as_it_points(part, read)
            or part
        )
    return whole, read


def _as_no_contact(part: Part) -> Part | None:
    """Read "please don't call it again", said of a number, as what it is: nothing is called off."""
    intent, sure = part.surest
    text = normalised(part.clause.text)
    if intent == "opt_out" and sure >= SURE_OF_A_CLAUSE and pointing.NO_MORE_CONTACT.search(text):
        return replace(
            part, acts={ASKS: SURE_BY_ITS_WORDS}, asks_in_a_letter=SURE_BY_ITS_WORDS, in_context=1.0
        )
    if intent != "withdraw_request" or not wordings.NO_CONTACT.search(text):
        return None
    return replace(part, probabilities=moved(part.probabilities, "withdraw_request", "opt_out"))


def _as_no_marketing(part: Part) -> Part | None:
    """Read "I object to receiving direct marketing", which may stand beside another objection, as what it is
    (Article 21(2) of the UK GDPR)."""
    text = normalised(part.clause.text)
    if part.surest[0] not in ("object", "opt_out") or not pointing.OBJECTS_TO_MARKETING.search(text):
        return None
    meant = moved(part.probabilities, "object", "opt_out")
    part = replace(part, probabilities=meant, acts={ASKS: SURE_BY_ITS_WORDS}, in_context=1.0)
    return replace(
        part, probabilities=surely("opt_out", part.probabilities), asks_in_a_letter=SURE_BY_ITS_WORDS
    )


def _as_taken_back(part: Part) -> Part | None:
    """Read "please do not go through with it" as the request that it is."""
    readable = normalised(part.clause.text)
    read = part.probabilities
    if guard_for("erase", part.clause.text) is Guard.NEGATED:
        read = moved(read, "erase", "withdraw_request")
    likely = read.get("withdraw_request", 0.0) >= SURE_OF_A_CLAUSE
    if likely and wordings.NOT_TO.search(readable) and wordings.OF_A_REQUEST_MADE.search(readable):
        return replace(part, probabilities=read, acts={ASKS: SURE_BY_ITS_WORDS})
    return None


def as_taken_off(part: Part, before: Sequence[Part]) -> Part | None:
    """Read "remove me from those", said of mailings, as what it is: no record is to go.

    Args:
        part: A clause.
        before: The clauses before it.

    Returns:
        The clause, read so; nothing where it is not said of mailings.
    """
    intent = part.surest[0]
    if intent not in ("erase", "opt_out") or not wordings.TAKEN_OFF.search(normalised(part.clause.text)):
        return None
    near = before[-NAMED_WITHIN:]
    spoken_of = bool(near) and near[-1].surest[0] == "opt_out"
    spoken_of = spoken_of or any(each.surest[0] == "view_preferences" for each in near)
    if not (spoken_of or any(pointing.MAILINGS.search(normalised(each.clause.text)) for each in near)):
        return None
    if intent == "opt_out":
        return replace(part, probabilities=surely("opt_out", part.probabilities))
    return replace(part, probabilities=moved(part.probabilities, "erase", "opt_out"))


def _as_consent_withdrawn(part: Part, before: Sequence[Part]) -> Part | None:
    """Read "I hereby revoke it", said of a consent, in full."""
    text = normalised(part.clause.text)
    near = before[-NAMED_WITHIN:]
    if not pointing.WITHDRAWS_IT.search(text) or not any(
        pointing.A_CONSENT.search(normalised(each.clause.text)) for each in near
    ):
        return None
    said = pointing.WITHDRAWS_IT.sub(r"\g<verb> my consent", text)
    if part.clause.asks or is_supposed(said) or is_only_told("withdraw_consent", said):
        return None
    so_far = pointing.WITHDRAWS_IT.sub(r"\g<verb> my consent", normalised(part.clause.so_far))
    meant = moved(part.probabilities, "withdraw_request", "withdraw_consent")
    part = replace(part, clause=replace(part.clause, text=said, so_far=so_far), probabilities=meant)
    return replace(
        part,
        probabilities=surely("withdraw_consent", part.probabilities),
        acts={ASKS: SURE_BY_ITS_WORDS},
        in_context=1.0,
    )


def _as_consent_to_mailings(part: Part) -> Part | None:
    """Read "I withdraw what I agreed to, for those emails" as what it is: something narrower is named."""
    consent = part.surest[0] == "withdraw_consent"
    if not consent or not pointing.FOR_MAILINGS.search(normalised(part.clause.text)):
        return None
    return replace(part, probabilities=moved(part.probabilities, "withdraw_consent", "opt_out"))


def _as_told(part: Part, before: Sequence[Part]) -> Part | None:
    """Read whom the letter is for and from, and what was asked for before, as what asks for nothing."""
    text = normalised(part.clause.text)
    intent = part.surest[0]
    only_said = intent in ONLY_SAID and ONLY_SAID[intent].search(text)
    asked_before = intent in MADE_ANEW and pointing.ASKED_BEFORE.search(text)
    # "Please disregard what I sent you: the request to have a copy"
    called_off = bool(before) and before[-1].surest[0] == "withdraw_request"
    if not (only_said or asked_before or (called_off and pointing.A_REQUEST_MADE.match(text))):
        return None
    return replace(part, acts={TELLS: SURE_BY_ITS_WORDS, ASKS: 1 - SURE_BY_ITS_WORDS}, in_context=0.0)


def _as_it_names(part: Part) -> Part | None:
    intent = right_made_use_of(part.clause.text)
    likeliest, sure = part.surest
    if intent is not None and intent == likeliest and sure >= SURE_OF_A_CLAUSE and part.asks >= SURELY_ASKED:
        # "I object under Article 21(1)" is a request of its own.
        probabilities = part.probabilities if sure >= SURELY_ASKED else surely(intent, part.probabilities)
        return replace(part, probabilities=probabilities, in_context=1.0)
    if intent is None or sure >= SURELY_ASKED:
        return None
    return replace(part, probabilities=surely(intent, part.probabilities), acts={ASKS: SURE_BY_ITS_WORDS})


def _as_it_points(part: Part, before: Sequence[Part]) -> Part | None:
    """Read "please see to that" as what the clauses just before it are surely about."""
    pointing = wordings.POINTS_BACK.search(normalised(part.clause.text)) is not None
    if not pointing or not is_plain(part) or part.surest[1] >= SURE_OF_A_CLAUSE:
        return None
    for other in reversed(before):
        if other.clause.sentence < part.clause.sentence - 1:
            break
        intent, sure = other.surest
        if sure >= SURELY_ASKED and other.acts.get(REFUSES, 0.0) < REFUSED:
            meant = intent in REQUESTS - {"complaint"} and not is_only_told(intent, other.clause.text)
            return replace(part, probabilities=surely(intent, part.probabilities)) if meant else None
    return None


def is_only_told(intent: str, text: str) -> bool:
    """Whether a clause tells of something grave that it does not ask for."""
    return intent in GRAVE and (guard_for(intent, text) is not None or is_reported(text))


def is_plain(part: Part) -> bool:
    """Whether a clause of a letter is a plain order or question by its form, or sure whatever its form is."""
    readable = normalised(part.clause.text)
    intent, sure = part.surest
    if intent in WORTH_MERGING and min(sure, part.asks, part.asks_in_a_letter) >= SURE_WHATEVER_ITS_FORM:
        return True
    if is_sure_in_context(part):
        return True
    asked = words.PLAIN_QUESTION.search(readable) or wordings.YES_OR_NO.match(readable)
    # "Two, who gave it to you" is a question without its mark.
    asks = asked is not None and (part.clause.asks or wordings.ITEM.match(readable) is not None)
    return part.asks >= PROBABLY_ASKS and (asks or words.ORDER.search(readable) is not None)


def is_sure_in_context(part: Part) -> bool:
    """Whether a clause surely asks for its intent, read beside the other clauses."""
    return part.in_context >= SURE_IN_CONTEXT and part.surest[0] in WORTH_MERGING - TOLD_IN_LETTERS


def is_item(part: Part) -> bool:
    """Whether a clause of a letter that announced a list names a wish, without a verb for it."""
    readable = normalised(part.clause.text)
    intent, sure = part.surest
    return (
        min(sure, part.asks) >= SURELY_ASKED
        and intent in LISTED
        and len(readable.split()) >= ITEM_WORDS
        and (intent not in GRAVE or _is_plainly_meant(intent, part.clause.text))
        and not (part.clause.asks or wordings.SPEAKS.match(readable))
    )


def _is_plainly_meant(intent: str, text: str) -> bool:
    return is_mentioned(intent, text) and guard_for(intent, text) is None
