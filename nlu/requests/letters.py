"""What a letter asks for, most of whose clauses only tell why.

A letter is about one thing, or about several that its clauses plainly order. What the whole of it seems to be
about counts only where the clauses bear it out: stories and recitals are full of the words for rights that
nobody asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nlu.classification.text import normalised
from nlu.requests import wordings, words
from nlu.requests.acts import ASKS, REFUSES, SUPPOSES
from nlu.requests.asked import (
    ASKS_HOW,
    PROBABLY_ASKS,
    SURE_OF_A_CLAUSE,
    SURE_OF_WHAT_IS_TOLD,
    SURELY_A_QUESTION,
    WORTH_MERGING,
    Asked,
    asked_by,
    is_threatened,
    merged,
    to_see_or_to_have,
)
from nlu.requests.citations import objects_to_marketing_alone, right_made_use_of
from nlu.requests.interfaces import Part
from nlu.understanding.guards import Guard, guard_for, is_mentioned, is_reported
from nlu.understanding.vocabulary import GRAVE, PART_OF, REQUESTS

LIKELY_IN_A_LETTER = 0.4
"""How much a whole letter must speak for a grave request that a clause makes in unusual words."""

SURELY_MEANT = 0.85
"""How much a whole letter must speak for a grave request that none of its clauses plainly makes."""

SURE_OF_AN_ORDER = 0.8
"""How likely an intent must be in a clause of a letter, which must be a plain order or question besides."""

LISTED = REQUESTS - {"complaint", "on_behalf", "report_breach", "withdraw_request"}
"""What a list of wishes names without a verb."""

ITEM_WORDS = 4
"""Words that such an item has at least: "the recipients" are part of another."""

SURELY_ASKED = 0.85
"""How likely a clause must ask for an intent that the whole is then never taken to rule out."""

GOES_ON_AS_IT_IS = frozenset({"opt_in", "account_help"})
"""What a letter may speak of because it is to stay: "I'd still like the newsletter"."""

ASKS_BESIDE = 0.1
"""How likely a clause must ask, by what letters have shown, for another request than the letter is about."""

SPOKEN_FOR_AT_ALL = 0.003
"""How much the whole letter must at least speak for another request: less, and one clause was misread."""

REFUSED = 0.5
"""From here on, a clause rules out what it speaks of."""

SURE_BY_ITS_WORDS = 0.95
"""How sure it is what a clause does, where its first words leave no doubt."""


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
            or _as_taken_back(part)
            or _as_ordered(part)
            or _as_it_names(part)
            or _as_it_points(part, read)
            or part
        )
    return whole, read


def _as_no_contact(part: Part) -> Part | None:
    """Read "please don't call it again", said of a number, as what it is: nothing is called off."""
    called_off = _surest(part)[0] == "withdraw_request"
    if not called_off or not wordings.NO_CONTACT.search(normalised(part.clause.text)):
        return None
    return replace(part, probabilities=moved(part.probabilities, "withdraw_request", "opt_out"))


def _as_ordered(part: Part) -> Part | None:
    """Read "please erase whatever you need not keep" as an order, whatever else it speaks of."""
    intent, sure = _surest(part)
    text = part.clause.text
    named = intent in GRAVE and sure >= SURE_OF_A_CLAUSE and wordings.PLEASE_DO.search(normalised(text))
    if not named or guard_for(intent, text) is not None:
        return None
    return replace(part, probabilities=_surely(intent, part), acts={ASKS: SURE_BY_ITS_WORDS})


def _as_taken_back(part: Part) -> Part | None:
    """Read "please do not go through with it" as the request that it is."""
    readable = normalised(part.clause.text)
    likely = part.probabilities.get("withdraw_request", 0.0) >= SURE_OF_A_CLAUSE
    if likely and wordings.NOT_TO.search(readable) and wordings.OF_A_REQUEST_MADE.search(readable):
        return replace(part, acts={ASKS: SURE_BY_ITS_WORDS})
    return None


def _as_it_names(part: Part) -> Part | None:
    intent = right_made_use_of(part.clause.text)
    if intent is None or _surest(part)[1] >= SURELY_ASKED:
        return None
    return replace(part, probabilities=_surely(intent, part), acts={ASKS: SURE_BY_ITS_WORDS})


def _as_it_points(part: Part, before: Sequence[Part]) -> Part | None:
    """Read "please see to that" as what the clauses just before it are surely about."""
    pointing = wordings.POINTS_BACK.search(normalised(part.clause.text)) is not None
    if not pointing or not is_plain(part) or _surest(part)[1] >= SURE_OF_A_CLAUSE:
        return None
    for other in reversed(before):
        if other.clause.sentence < part.clause.sentence - 1:
            break
        intent, sure = _surest(other)
        if sure >= SURELY_ASKED and other.acts.get(REFUSES, 0.0) < REFUSED:
            meant = intent in REQUESTS and not _is_only_told(intent, other.clause.text)
            return replace(part, probabilities=_surely(intent, part)) if meant else None
    return None


def _is_only_told(intent: str, text: str) -> bool:
    return intent in GRAVE and (guard_for(intent, text) is not None or is_reported(text))


def _surest(part: Part) -> tuple[str, float]:
    return max(part.probabilities.items(), key=lambda entry: entry[1])


def _surely(intent: str, part: Part) -> dict[str, float]:
    share = 1.0 - SURE_BY_ITS_WORDS
    return {name: probability * share for name, probability in part.probabilities.items()} | {
        intent: SURE_BY_ITS_WORDS
    }


def is_plain(part: Part) -> bool:
    """Whether a clause of a letter is a plain order or question by its form, or sure whatever its form is."""
    readable = normalised(part.clause.text)
    intent, sure = _surest(part)
    if intent in WORTH_MERGING and min(sure, part.asks, part.asks_in_a_letter) >= SURE_BY_ITS_WORDS:
        return True
    asked = words.PLAIN_QUESTION.search(readable) or wordings.YES_OR_NO.match(readable)
    asks = part.clause.asks and asked is not None
    return part.asks >= PROBABLY_ASKS and (asks or words.ORDER.search(readable) is not None)


def is_item(part: Part) -> bool:
    """Whether a clause of a letter that announced a list names a wish, without a verb for it."""
    readable = normalised(part.clause.text)
    intent, sure = _surest(part)
    return (
        min(sure, part.asks) >= SURELY_ASKED
        and intent in LISTED
        and len(readable.split()) >= ITEM_WORDS
        and (intent not in GRAVE or _is_plainly_meant(intent, part.clause.text))
        and not (part.clause.asks or wordings.SPEAKS.match(readable))
    )


def _is_plainly_meant(intent: str, text: str) -> bool:
    return is_mentioned(intent, text) and guard_for(intent, text) is None


def moved(probabilities: Mapping[str, float], source: str, target: str) -> dict[str, float]:
    """Return probabilities in which what spoke for one intent speaks for another."""
    both = probabilities.get(source, 0.0) + probabilities.get(target, 0.0)
    return {**probabilities, target: both, source: 0.0}


def of_a_letter(
    likely: Mapping[str, float],
    plain: Sequence[Part],
    whole: Mapping[str, float],
    parts: Sequence[Part],
    *,
    listed: bool,
) -> list[Asked]:
    """Return what a letter asks for: what it is about, and what is plainly ordered beside that.

    Args:
        likely: The probability of each intent where only one is meant.
        plain: The clauses that are plain orders or questions.
        whole: The probability of each intent where the letter is read as one.
        parts: All its clauses.
        listed: Whether it announces or counts several requests.
    """
    ruled_out: set[str] = set()
    while likely:
        main, sure = max(likely.items(), key=lambda entry: entry[1])
        if main not in WORTH_MERGING:
            return []
        found = merged(_beside(main, part, listed=listed) for part in plain)
        asked = [each for each in found if each.intent not in ruled_out]
        if _is_borne_out(main, asked, whole, parts):
            break
        # What the letter seems to be about, no clause asks for: what they do ask for decides.
        ruled_out.add(main)
        likely = {each.intent: likely.get(each.intent, 0.0) for each in asked if each.intent != main}
    else:
        return []
    if all(each.intent != main for each in asked) and not _is_outdone(main, asked, whole):
        asked.insert(0, Asked(main, sure, ""))
    return [
        Asked(main, max(each.confidence, sure), each.text) if each.intent == main else each
        for each in asked
        if each.intent in (main, "talk_to_human") or whole.get(each.intent, 0.0) >= SPOKEN_FOR_AT_ALL
    ]


def _is_borne_out(
    main: str, asked: Sequence[Asked], whole: Mapping[str, float], parts: Sequence[Part]
) -> bool:
    """Whether the clauses of a letter bear out what it seems to be about; only what is grave must be."""
    if main not in GRAVE:
        return True
    probable = whole.get(main, 0.0)
    if any(each.intent == main for each in asked):
        return probable >= LIKELY_IN_A_LETTER or _is_plainly_asked(main, asked)
    meant = probable >= SURELY_MEANT and not any(_rules_out(main, part) for part in parts)
    return meant and any(_speaks_for(main, part) for part in parts)


def _speaks_for(intent: str, part: Part) -> bool:
    """Whether a clause is about a grave right, and neither refuses nor imagines nor tells of it."""
    against = part.acts.get(REFUSES, 0.0) + part.acts.get(SUPPOSES, 0.0)
    surest, sure = _surest(part)
    return (
        surest == intent
        and sure >= SURE_OF_A_CLAUSE
        and against < REFUSED
        and not _is_only_told(intent, part.clause.text)
    )


def _is_outdone(main: str, asked: Sequence[Asked], whole: Mapping[str, float]) -> bool:
    """Whether a letter that seems to ask a question, which no clause of it asks, orders something instead."""
    orders = REQUESTS | {"talk_to_human"}
    ordered = any(each.intent in orders and each.confidence >= SURE_OF_WHAT_IS_TOLD for each in asked)
    return main in ASKS_HOW and ordered and whole.get(main, 0.0) < SURELY_A_QUESTION


def _rules_out(intent: str, part: Part) -> bool:
    """Whether a clause names a grave right as what is not wanted, or not done."""
    return guard_for(intent, part.clause.text) is Guard.NEGATED


def _is_plainly_asked(intent: str, asked: Sequence[Asked]) -> bool:
    return any(
        each.intent == intent and each.confidence >= SURE_OF_WHAT_IS_TOLD and is_mentioned(intent, each.text)
        for each in asked
    )


def _beside(main: str, part: Part, *, listed: bool) -> Asked | None:
    """What a plain clause of a letter about one thing asks for: that, or surely another."""
    found = asked_by(part, 0.0)
    if found is None:
        return None
    if found.intent == main:
        # Nearly every clause of a letter sounds a little like what the letter is about.
        grave = main in GRAVE and not is_mentioned(main, found.text)
        return None if grave and found.confidence < SURE_OF_AN_ORDER else found
    if found.intent in GRAVE and not is_mentioned(found.intent, found.text):
        return None
    if not listed and part.asks_in_a_letter < ASKS_BESIDE:
        return None
    least = SURE_OF_A_CLAUSE if part.asks_in_a_letter >= SURELY_ASKED else SURE_OF_AN_ORDER
    sure = found.confidence >= least and found.confidence * part.asks >= SURE_OF_A_CLAUSE
    readable = normalised(found.text)
    itemised = wordings.ITEM.match(readable) or wordings.ITEM.match(normalised(part.clause.so_far))
    part_of_it = found.intent in PART_OF.get(main, ()) and not itemised
    belongs = part_of_it or wordings.OWN_FURTHER_WAY.search(readable)
    other = found.intent == "opt_out" and not wordings.OF_MARKETING.search(
        normalised(part.clause.so_far or found.text)
    )
    kept = found.intent in GOES_ON_AS_IT_IS and wordings.STAYS.search(readable)
    content = found.intent == "complaint" and wordings.NOT_CROSS.search(readable)
    if not sure or belongs or other or kept or content or is_threatened(found, part):
        return None
    return found
