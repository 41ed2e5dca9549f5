"""Cuts a clause in two where no word tells that a new one begins, but each half surely asks for its own.

`clauses` goes by the words that begin a clause: "… and delete me". People begin them with words that no list
holds: "show me my mailings, then knock off the technology one". Such a clause is tried at each of its joints,
and cut where both halves surely ask, each for something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from nlu.classification.text import normalised
from nlu.requests import words
from nlu.requests.asked import ASKS_HOW, WORTH_MERGING
from nlu.requests.clauses import SHORTEST, Clause
from nlu.requests.interfaces import Part
from nlu.understanding.vocabulary import GRAVE

SURE_OF_A_HALF = 0.9
"""How likely each half must be for its intent, and how likely it must ask. Of 4,000 examples that ask for one
thing, 4 were cut at this."""

COUNTED = WORTH_MERGING - {"customers_customer"}
"""What a half may ask for. That a firm uses the product and what it does to one are one thing told."""

TRIED_AT_MOST = 12
"""Joints of a message that are tried, so that a list of fifty things costs no more than a sentence."""

_WORD = re.compile(r"\w+")
_NO_NEW_REQUEST = re.compile(r"\b(?:or|because|cos|coz|cuz|bc|since|as)\b|[:(]")


@dataclass(frozen=True)
class _Cut:
    clause: int
    first: Clause
    second: Clause


def halved(
    clauses: Sequence[Clause],
    parts: Sequence[Part],
    read: Callable[[Sequence[Clause]], Sequence[Part]],
) -> list[Part]:
    """Return the clauses read, those cut in two that ask for two things.

    Args:
        clauses: The clauses of a message.
        parts: The same, read; nothing if none was.
        read: Reads clauses.
    """
    cuts = [cut for number, clause in enumerate(clauses) for cut in _cuts(number, clause)][:TRIED_AT_MOST]
    if not cuts:
        return list(parts)
    halves = read([half for cut in cuts for half in (cut.first, cut.second)])
    found: dict[int, tuple[float, Part, Part]] = {}
    for cut, first, second in zip(cuts, halves[::2], halves[1::2], strict=True):
        sure = min(_sure(first), _sure(second))
        intents = {_intent(first), _intent(second)}
        if sure < SURE_OF_A_HALF or len(intents) < 2 or intents <= ASKS_HOW:
            continue
        if cut.clause not in found or sure > found[cut.clause][0]:
            found[cut.clause] = (sure, first, second)
    if not found:
        return list(parts)
    whole = parts or read(clauses)
    return [
        part
        for number, alone in enumerate(whole)
        for part in (found[number][1:] if number in found else (alone,))
    ]


def _cuts(number: int, clause: Clause) -> Iterator[_Cut]:
    text = clause.text
    lowered = text.lower()
    if len(lowered) != len(text):
        return
    for joint in words.JOINT.finditer(lowered):
        before, after = text[: joint.start()].strip(), text[joint.end() :].strip()
        if min(len(_WORD.findall(before)), len(_WORD.findall(after))) < SHORTEST:
            continue
        if _NO_NEW_REQUEST.search(joint.group()) or words.CONDITION.match(before.lower()):
            continue
        so_far = clause.so_far.removesuffix(text) + text[: joint.start()].rstrip()
        first = replace(clause, text=before, so_far=so_far)
        yield _Cut(number, first, replace(clause, text=after, joint=joint.group().strip()))


def _intent(part: Part) -> str:
    return max(part.probabilities, key=lambda intent: part.probabilities[intent])


def _sure(part: Part) -> float:
    intent = _intent(part)
    # "Is that consent to the collection and sharing of my data?" orders nothing grave.
    unordered = intent in GRAVE and words.ORDER.search(normalised(part.clause.text)) is None
    return 0.0 if unordered or intent not in COUNTED else min(part.probabilities[intent], part.asks)
