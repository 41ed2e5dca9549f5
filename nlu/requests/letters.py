"""What a letter asks for, most of whose clauses only tell why.

A letter is about one thing, or about several that its clauses plainly order. What the whole of it seems to be
about counts only where the clauses bear it out: stories and recitals are full of the words for rights that
nobody asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlu.classification.text import normalised
from nlu.requests import pointing, wordings
from nlu.requests.acts import REFUSES, SUPPOSES
from nlu.requests.asked import (
    ASKS_HOW,
    SURE_OF_A_CLAUSE,
    SURE_OF_WHAT_IS_TOLD,
    SURELY_A_QUESTION,
    WORTH_MERGING,
    Asked,
    asked_by,
    is_threatened,
    merged,
)
from nlu.requests.citations import access_and_a_copy, right_made_use_of
from nlu.requests.interfaces import Part
from nlu.requests.letter_clauses import (
    REFUSED,
    SURE_WHATEVER_ITS_FORM,
    SURELY_ASKED,
    is_only_told,
    is_sure_in_context,
)
from nlu.requests.letter_pairs import ACCESS_AND_A_COPY, as_one_copy, with_a_breach
from nlu.requests.likelihoods import SURE_BY_ITS_WORDS
from nlu.understanding.guards import Guard, guard_for, is_mentioned
from nlu.understanding.vocabulary import GRAVE, PART_OF, REQUESTS

LIKELY_IN_A_LETTER = 0.4
"""How much a whole letter must speak for a grave request that a clause makes in unusual words."""

SURELY_MEANT = 0.85
"""How much a whole letter must speak for a grave request that none of its clauses plainly makes."""

SURE_OF_AN_ORDER = 0.8
"""How likely an intent must be in a clause of a letter, which must be a plain order or question besides."""

SURE_UNNAMED: Mapping[str, float] = {"withdraw_consent": 0.95}
"""The same where none of the words for it is used: "I hereby un-tick it"."""

GOES_ON_AS_IT_IS = frozenset({"opt_in", "account_help"})
"""What a letter may speak of because it is to stay: "I'd still like the newsletter"."""

ASKS_BESIDE = 0.1
"""How likely a clause must ask, by what letters have shown, for another request than the letter is about."""

SPOKEN_FOR_AT_ALL = 0.003
"""How much the whole letter must at least speak for another request: less, and one clause was misread."""

SPOKEN_FOR_A_LITTLE = 0.02
"""The same where the clause itself leaves some doubt."""

SURE_ENOUGH_ALONE = 0.4
"""How sure a letter must be about one thing that no clause of it plainly asks for, not to be asked about."""

LEAST_SPOKEN_FOR: Mapping[str, float] = {"on_behalf": 0.05}
"""The same where letters have many words that sound like it: of others, they tell again and again."""

BEGINS = ("", ":", ";")
"""What stands before a clause that does not go on with the one before it."""

POINTS_BACK_AT_MOST = 2
"""Clauses back to which one points."""

CERTAIN_IN_CONTEXT = 0.95
"""How sure it must be, beside the other clauses, that a clause asks for more than a part of another."""

SURE_IN_OTHER_WORDS = frozenset({"object", "restrict"})
"""What is often asked for in none of its words: "I don't want my clicks followed", "but don't use it"."""

LED_IN = GRAVE | {"ask_rights"}
"""What is asked besides where "in addition" or "a question" stands before it; to be told of more is part of
what was asked before."""

LEAST_WORDS = 3
"""Words of a clause that asks for something beside what the letter is about: "tell me" goes on with that."""

ALSO_TO_TALK = 0.1
"""How much it must speak for a wish to talk to a person that is in no word for it: "could somebody…"."""


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
    apart = ACCESS_AND_A_COPY if access_and_a_copy(part.clause.text for part in parts) else frozenset[str]()
    while likely:
        main, sure = max(likely.items(), key=lambda entry: entry[1])
        found = merged(
            _beside(main, part, _before(part, parts), listed=listed, apart=apart) for part in plain
        )
        asked = [each for each in found if each.intent not in ruled_out]
        if ruled_out:  # nothing is about these but themselves
            asked = [each for each in asked if _is_spoken_for(each, whole)]
        if main not in WORTH_MERGING:
            # A letter that tells of something else may all the same order one thing plainly.
            asked = [each for each in asked if _is_certain(each, plain)]
            ruled_out.add(main)
            likely = {each.intent: likely.get(each.intent, 0.0) for each in asked}
            continue
        if _is_borne_out(main, asked, whole, parts):
            break
        # What the letter seems to be about, no clause asks for: what they do ask for decides.
        ruled_out.add(main)
        likely = {each.intent: likely.get(each.intent, 0.0) for each in asked if each.intent != main}
    else:
        return []
    if all(each.intent != main for each in asked) and not _is_outdone(main, asked, whole):
        if not asked and sure < SURE_ENOUGH_ALONE:
            return []
        asked.insert(0, Asked(main, sure, ""))
    asked = [
        Asked(main, max(each.confidence, sure), each.text) if each.intent == main else each
        for each in asked
        if each.intent == main or _is_spoken_for(each, whole) or _is_sure_in_context(each, parts)
    ]
    return with_a_breach(as_one_copy(main, asked, whole) if not apart else asked, parts)


def _is_sure_in_context(asked: Asked, parts: Sequence[Part]) -> bool:
    """Whether a clause that asks for it surely does, read beside the others."""
    return any(
        is_sure_in_context(part) and part.surest[0] == asked.intent
        for part in parts
        if part.clause.text in asked.text
    )


def _is_spoken_for(asked: Asked, whole: Mapping[str, float]) -> bool:
    """Whether the whole letter speaks at all for another request than it is about."""
    probable = whole.get(asked.intent, 0.0)
    if asked.intent in ACCESS_AND_A_COPY:
        probable = sum(whole.get(intent, 0.0) for intent in ACCESS_AND_A_COPY)
    if asked.intent == "talk_to_human":
        return probable >= ALSO_TO_TALK or wordings.TALKS.search(normalised(asked.text)) is not None
    least = SPOKEN_FOR_AT_ALL if asked.confidence >= SURE_OF_WHAT_IS_TOLD else SPOKEN_FOR_A_LITTLE
    return probable >= LEAST_SPOKEN_FOR.get(asked.intent, least)


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
    likeliest, sure = part.surest
    return (
        likeliest == intent
        and sure >= SURE_OF_A_CLAUSE
        and against < REFUSED
        and not is_only_told(intent, part.clause.text)
    )


def _is_outdone(main: str, asked: Sequence[Asked], whole: Mapping[str, float]) -> bool:
    """Whether a letter orders something instead of what it seems to be, and no clause says: a question,
    or a complaint, since many letters tell why somebody might."""
    orders = REQUESTS if main == "complaint" else REQUESTS | {"talk_to_human"}
    ordered = any(each.intent in orders and each.confidence >= SURE_OF_WHAT_IS_TOLD for each in asked)
    seems = main in ASKS_HOW or main == "complaint"
    return seems and ordered and whole.get(main, 0.0) < SURELY_A_QUESTION


def _rules_out(intent: str, part: Part) -> bool:
    """Whether a clause names a grave right as what is not wanted, or not done."""
    return guard_for(intent, part.clause.text) is Guard.NEGATED


def _is_plainly_asked(intent: str, asked: Sequence[Asked]) -> bool:
    return any(
        each.intent == intent and each.confidence >= SURE_OF_WHAT_IS_TOLD and is_mentioned(intent, each.text)
        for each in asked
    )


def _is_certain(asked: Asked, parts: Sequence[Part]) -> bool:
    """Whether a clause surely asks, and surely for this, by all that it is read by."""
    return any(
        _surely_asks(asked.confidence, part) >= SURE_WHATEVER_ITS_FORM
        for part in parts
        if part.clause.text in asked.text
    )


def _complains(text: str) -> bool:
    """Whether a clause beside another request complains, and is not only cross, or says that it does not."""
    return wordings.COMPLAINS.search(text) is not None and wordings.NOT_CROSS.search(text) is None


def _surely_asks(confidence: float, part: Part) -> float:
    return min(confidence, part.asks, part.asks_in_a_letter)


def _before(part: Part, parts: Sequence[Part]) -> str:
    """The clauses before, to which "take me off those" points back."""
    number = parts.index(part)
    return " ".join(each.clause.text for each in parts[max(0, number - POINTS_BACK_AT_MOST) : number])


def _is_another(asked: Asked, part: Part) -> bool:
    """Whether a clause asks for more than what stands before it, by its place, its words or its sureness."""
    clause, readable = part.clause, normalised(asked.text)
    if wordings.ITEM.match(readable) or wordings.ITEM.match(normalised(clause.so_far)):
        return True
    if asked.intent in LED_IN and pointing.LEADS_IN.match(
        normalised(clause.so_far.removesuffix(clause.text))
    ):
        return True
    # "How long it is stored" goes on with what stands before it; a sentence of its own may ask for more.
    sure = clause.joint in BEGINS and _surely_asks(asked.confidence, part) >= SURE_BY_ITS_WORDS
    return sure or part.in_context >= CERTAIN_IN_CONTEXT or wordings.INSTEAD.search(readable) is not None


def _is_named(asked: Asked, part: Part) -> bool:
    """Whether a clause has a word for what is grave, or its article, or surely is about nothing else."""
    if is_mentioned(asked.intent, asked.text) or right_made_use_of(asked.text) == asked.intent:
        return True
    sure = is_sure_in_context(part) and _surely_asks(asked.confidence, part) >= SURE_WHATEVER_ITS_FORM
    return sure and asked.intent in SURE_IN_OTHER_WORDS


def _beside(main: str, part: Part, before: str, *, listed: bool, apart: frozenset[str]) -> Asked | None:
    """What a plain clause of a letter about one thing asks for: that, or surely another; of what is asked for
    `apart`, none is part of another."""
    found = asked_by(part, 0.0)
    if found is None:
        return None
    if found.intent == main:
        # Nearly every clause of a letter sounds a little like what the letter is about.
        unnamed = main in GRAVE and not is_mentioned(main, found.text)
        least = SURE_UNNAMED.get(main, SURE_OF_AN_ORDER)
        doubtful = (unnamed and found.confidence < least) or is_threatened(found, part)
        return None if doubtful else found
    if found.intent in GRAVE and not _is_named(found, part):
        return None
    if not listed and part.in_context < CERTAIN_IN_CONTEXT and part.asks_in_a_letter < ASKS_BESIDE:
        return None
    context = is_sure_in_context(part)
    least = SURE_OF_A_CLAUSE if part.asks_in_a_letter >= SURELY_ASKED else SURE_OF_AN_ORDER
    sure = context or (found.confidence >= least and found.confidence * part.asks >= SURE_OF_A_CLAUSE)
    readable = normalised(found.text)
    part_of_it = found.intent in PART_OF.get(main, ()) and not _is_another(found, part)
    part_of_it = part_of_it and not {main, found.intent} <= apart
    belongs = part_of_it or wordings.OWN_FURTHER_WAY.search(readable)
    said = f"{before} {part.clause.so_far or found.text}"
    other = found.intent == "opt_out" and not (context or wordings.OF_MARKETING.search(normalised(said)))
    kept = found.intent in GOES_ON_AS_IT_IS and wordings.STAYS.search(readable)
    content = found.intent == "complaint" and not _complains(readable)
    bare = len(readable.split()) < LEAST_WORDS
    if not sure or belongs or other or kept or content or bare or is_threatened(found, part):
        return None
    return found
