"""Merges what the clauses of a message ask for into its requests, in the order said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nlu.classification.text import normalised
from nlu.requests import pointing, wordings, words
from nlu.requests.acts import ASKS, REFUSES, SUPPOSES, TELLS
from nlu.requests.asked import (
    ASKED_FOR_BY_QUESTIONS,
    ASKS_HOW,
    HARDLY,
    PROBABLY_ASKS,
    SURE_OF_A_CLAUSE,
    WORTH_MERGING,
    Asked,
    asked_by,
)
from nlu.requests.citations import cites_access_alone
from nlu.requests.consistency import MEANT_FOR_ANOTHER, without_doubtful
from nlu.requests.context import in_their_context, meant_of_the_product, with_what_is_called_off
from nlu.requests.interfaces import Part
from nlu.requests.letter_clauses import (
    SURELY_ASKED,
    as_letters_go,
    is_item,
    is_plain,
)
from nlu.requests.letter_examples import is_letter
from nlu.requests.letters import of_a_letter
from nlu.requests.likelihoods import SURE_BY_ITS_WORDS, moved
from nlu.requests.messages import (
    is_asked_in_passing,
    of_a_message,
    with_what_the_whole_says,
    without_refusals,
)
from nlu.requests.not_ours import with_what_is_not_ours
from nlu.requests.others import (
    names_another,
    speaks_for_another,
    speaks_of_oneself,
    speaks_only_for_oneself,
)
from nlu.understanding.vocabulary import GRAVE, QUESTIONS

UNSUPPORTED = 0.25
UNSUPPORTED_IN_A_LETTER = 0.05
"""How much an intent of the whole message counts that no single clause asks for."""

LEAST_IF_ORDERED = 0.05
"""How much the whole counts at least for such an intent: it often hears only what was refused."""

TOLD = frozenset({"on_behalf", "customers_customer", "report_breach"})
"""Intents that are told rather than asked for: "I am writing for my mother"."""

SURE_OF_WHAT_IS_TOLD = 0.8

ASKED_FOR_BY_REFUSING = GRAVE | {"opt_out", "complaint", "stop", "deny"}
"""What one asks for by saying what one does not want: "no calls please"."""

SURE_TO_BE_TOLD = 0.8
"""How sure it must be what a clause is about that begins with "tell me"."""

DONE_BY_ONESELF_AS_WELL = frozenset({"erase", "restrict"})
"""What one may do with what one has received: "I'll delete it here", "I'll leave it untouched"."""

LIKELY_IN_A_LETTER = 0.2
"""How likely a letter must be made for somebody else for its clauses to support that."""

LIKELY_BY_ITS_WORDS = 0.02
"""The same for its words, which say whom it is written for."""

LIKELY_FOR_ANOTHER = 0.1
"""How likely a message must be made for somebody else for all that it asks to be asked for them."""

FOR_ANOTHER_TOO = frozenset({"access", "portability", "rectify", "opt_out"})
"""What is asked for somebody else as often as what is grave."""

_OWN = re.compile(
    r"\b(?:mine|my own|myself|(?:delete|erase|remove|take|unsubscribe|[a-z]+ing) me"
    r"|my (?:personal |own )?(?:data|details|record|file|info\w*|name|number|account))\b"
)


@dataclass(frozen=True)
class Merged:
    """A message, read again in the light of its clauses.

    Attributes:
        whole: the probability of each intent where only one is meant.
        words: those that ask for something, or all where none plainly does.
        asked: what is asked for, each intent once, in the order said; nothing where the whole decides.
        doubtful: what is not to be acted on without asking, however likely the whole makes it.
    """

    whole: Mapping[str, float]
    words: str
    asked: Sequence[Asked] = ()
    doubtful: frozenset[str] = frozenset()


def merge(text: str, whole: Mapping[str, float], parts: Sequence[Part]) -> Merged:
    """Merge what the clauses of a message ask for.

    Args:
        text: The message.
        whole: The probability of each intent where the message is read as one.
        parts: Its clauses, none if it is one clause.
    """
    letter = is_letter(text)
    whole = with_what_is_called_off(text, whole)
    if _is_for_another(text, whole, parts, letter=letter):
        whole = _for_another(whole)
        parts = [_with(part, _for_another(part.probabilities)) for part in parts]
    elif letter and speaks_only_for_oneself(text):
        whole = _for_oneself(whole)
        parts = [_with(part, _for_oneself(part.probabilities)) for part in parts]
    parts = [_as_its_words_go(part) for part in parts]
    if not letter:
        alone, parts = parts, in_their_context(parts)
        for intent in meant_of_the_product(alone, parts):
            whole = moved(whole, intent, "out_of_scope")
    if letter and cites_access_alone(text):
        whole = moved(whole, "portability", "access")
        parts = [_with(part, moved(part.probabilities, "portability", "access")) for part in parts]
    if not parts:
        return Merged(whole, text)
    if letter:
        whole, parts = as_letters_go(text, whole, parts)
    listed = letter and wordings.ANNOUNCES.search(normalised(text)) is not None
    plain = [part for part in parts if not letter or is_plain(part) or (listed and is_item(part))]
    likely = _likely(whole, parts, plain, letter)
    if letter:
        counted = listed or wordings.COUNTS.search(normalised(text)) is not None
        asked = of_a_letter(likely, plain, whole, parts, listed=counted)
    else:
        asked = with_what_the_whole_says(of_a_message(plain, whole), likely, plain)
    asking = "; ".join(part.clause.text for part in plain if part.asks >= PROBABLY_ASKS)
    own = not letter and (_is_only_ones_own(asked, whole, plain) or is_asked_in_passing(asked, likely, plain))
    sure = without_refusals(without_doubtful(asked, whole, letter))
    # Where the whole is not about us, and nothing is surely asked in passing, it is about one thing.
    main = max(likely, key=likely.__getitem__, default="")
    if letter or own or len(asked) > 1 or any(each.intent == main for each in asked):
        sure = with_what_is_not_ours(sure, parts, whole, letter=letter)
    told = letter or own or max(len(asked), len(sure)) > 1
    # Of a letter, something grave is only ever what its clauses ask for.
    return Merged(likely, asking or text, sure if told else (), GRAVE if letter else frozenset())


def _with(part: Part, probabilities: Mapping[str, float]) -> Part:
    return replace(part, probabilities=probabilities)


def _as_its_words_go(part: Part) -> Part:
    """Read what a clause does by its first words, where these leave no doubt."""
    readable = normalised(part.clause.text)
    intent, sure = part.surest
    asked = intent in ASKED_FOR_BY_REFUSING and sure >= SURE_OF_A_CLAUSE
    refuses = wordings.NOT_ASKING.match(readable) or (wordings.REFUSING.match(readable) and not asked)
    if refuses or (intent == "opt_out" and pointing.LEFT_OUT.search(readable)):
        return replace(part, acts={REFUSES: SURE_BY_ITS_WORDS, ASKS: 1 - SURE_BY_ITS_WORDS})
    if intent in DONE_BY_ONESELF_AS_WELL and wordings.OWN_DOING.match(readable):
        return replace(part, acts={TELLS: SURE_BY_ITS_WORDS, ASKS: 1 - SURE_BY_ITS_WORDS})
    if part.clause.joint and not part.clause.asks and wordings.WHO_DID.match(readable):
        return replace(part, acts={TELLS: SURE_BY_ITS_WORDS, ASKS: 1 - SURE_BY_ITS_WORDS})
    asks = _plainly_asks(part, intent, readable)
    if asks and intent in WORTH_MERGING and sure >= SURE_OF_A_CLAUSE:
        return replace(part, acts={ASKS: SURE_BY_ITS_WORDS, TELLS: 1 - SURE_BY_ITS_WORDS})
    if wordings.ITEM.match(readable) and part.asks < SURE_BY_ITS_WORDS and part.acts.get(REFUSES, 0.0) < 0.5:
        return replace(part, acts={ASKS: SURE_BY_ITS_WORDS, TELLS: 1 - SURE_BY_ITS_WORDS})
    return part


def _plainly_asks(part: Part, intent: str, readable: str) -> bool:
    """Whether a clause asks by its first words, surely is a question, or tells what somebody else wishes."""
    if wordings.WISHES.match(readable) or wordings.ANY_NEWS.match(readable):
        return True
    if intent in GRAVE and wordings.AFTERWARDS.match(readable):
        return True
    if part.clause.asks and wordings.YES_OR_NO.match(readable):
        return True
    sure = part.probabilities[intent] >= SURE_BY_ITS_WORDS
    goes_on = part.clause.joint.strip() == ","  # "no selling, no calls" may only say what is meant
    if intent == "opt_out" and sure and not goes_on and wordings.NO_MORE.match(readable):
        return True
    asked_of_us = intent in QUESTIONS or intent in ASKED_FOR_BY_QUESTIONS
    if asked_of_us and part.probabilities[intent] >= SURE_TO_BE_TOLD and wordings.TELL_ME.match(readable):
        return True
    if intent == "restrict" and sure and wordings.KEPT_UNUSED.search(readable):
        return True
    if intent == "object" and sure and words.NOT_TO_BE_DONE.match(readable):
        return True
    if intent == "withdraw_request" and sure and words.CALLS_OFF.search(readable):
        return True
    if intent == "on_behalf":
        return sure and words.OTHERS_WISH.search(readable) is not None and names_another(readable)
    question = part.clause.asks and words.PLAIN_QUESTION.search(readable) is not None
    return sure and question and asked_of_us


def _is_for_another(text: str, whole: Mapping[str, float], parts: Sequence[Part], *, letter: bool) -> bool:
    """Whether all that a message asks for is asked for somebody else; letters tell of many people."""
    if not letter:
        return speaks_for_another(text)
    likely = whole.get("on_behalf", 0.0) >= LIKELY_BY_ITS_WORDS
    return (likely and speaks_for_another(text)) or _is_told_of_another(text, whole, parts)


def _is_told_of_another(text: str, whole: Mapping[str, float], parts: Sequence[Part]) -> bool:
    """Whether a letter never speaks of whoever writes, and once surely of somebody else's data."""
    likely = whole.get("on_behalf", 0.0) >= HARDLY
    return (
        likely
        and not speaks_of_oneself(text)
        and max((_read(part, "on_behalf") for part in parts), default=0.0) >= SURELY_ASKED
    )


def _for_another(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Take what speaks for a grave request as speaking for one that is made for somebody else."""
    likely = probabilities.get("on_behalf", 0.0) >= LIKELY_FOR_ANOTHER
    moved = GRAVE | (FOR_ANOTHER_TOO if likely else frozenset())
    found = {intent: probability for intent, probability in probabilities.items() if intent not in moved}
    found["on_behalf"] = found.get("on_behalf", 0.0) + sum(probabilities.get(intent, 0.0) for intent in moved)
    return found


def _for_oneself(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Take little as speaking for a request for somebody else: those of whom letters tell are many."""
    return {**probabilities, "on_behalf": probabilities.get("on_behalf", 0.0) * HARDLY}


def _likely(
    whole: Mapping[str, float], parts: Sequence[Part], plain: Sequence[Part], letter: bool
) -> dict[str, float]:
    """What the whole says, weighed by what its clauses ask for and what they rule out."""
    likely = {}
    unsupported = UNSUPPORTED_IN_A_LETTER if letter else UNSUPPORTED
    own = any(_asks_for_oneself(part) for part in plain)
    ordered = {found.intent for part in plain if (found := asked_by(part, SURELY_ASKED))}
    for intent, probability in whole.items():
        if intent in ordered:
            probability = max(probability, LEAST_IF_ORDERED)
        if intent == "on_behalf" and letter and probability < LIKELY_IN_A_LETTER:
            support = 0.0  # a signature looks like somebody else's name
        elif intent in TOLD and not (intent == "on_behalf" and own):
            support = max(_told(part, intent) for part in parts)
        else:
            support = max((_read(part, intent) * part.asks for part in plain), default=0.0)
        against = 0.0
        if intent in ASKS_HOW:
            # Whoever supposes something asks how it would be.
            supposed = max(
                (_read(part, intent) * part.acts.get(SUPPOSES, 0.0) for part in parts), default=0.0
            )
            support = max(support, supposed)
        elif intent in WORTH_MERGING:
            against = max(
                _read(part, intent) * (part.acts.get(REFUSES, 0.0) + part.acts.get(SUPPOSES, 0.0))
                for part in parts
            )
        likely[intent] = (
            probability * (support + unsupported * (1.0 - against)) * (1.0 - against * (1.0 - support))
        )
    total = sum(likely.values()) or 1.0
    return {intent: weight / total for intent, weight in likely.items()}


def _told(part: Part, intent: str) -> float:
    probability = _read(part, intent)
    return probability if probability >= SURE_OF_WHAT_IS_TOLD else probability * part.asks


def _asks_for_oneself(part: Part) -> bool:
    asked = asked_by(part, SURE_OF_A_CLAUSE)
    text = part.clause.text
    return bool(
        asked and asked.intent != "on_behalf" and _OWN.search(normalised(text)) and not names_another(text)
    )


def _read(part: Part, intent: str) -> float:
    return part.probabilities.get(intent, 0.0)


def _is_only_ones_own(asked: Sequence[Asked], whole: Mapping[str, float], parts: Sequence[Part]) -> bool:
    """Whether the one thing asked is one's own, and others were only told of: "hers is gone, now do mine"."""
    others = whole.get("on_behalf", 0.0) >= MEANT_FOR_ANOTHER
    return (
        others
        and len(asked) == 1
        and asked[0].intent != "on_behalf"
        and any(_asks_for_oneself(part) for part in parts)
    )
