"""What a message asks beside its requests that is not about personal data: "the report crashes, too".

Whoever asks two things in one breath is owed a word on both, also where one is for the support people. Names
and addresses sound like that soon: so the message as a whole must speak for it, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlu.classification.text import normalised
from nlu.placeholders.patterns import is_bare_value
from nlu.requests import wordings
from nlu.requests.asked import Asked, position_of
from nlu.requests.interfaces import Part

NOT_OURS = "out_of_scope"

SURELY = 0.93
"""How likely a clause must be about something else."""

ASKS_OR_TELLS = 0.6
"""How likely it must ask for something; of what goes wrong one mostly tells."""

SPOKEN_FOR = 0.01
"""How much the whole message must speak for it."""

SURELY_IN_A_LETTER = 0.98
SPOKEN_FOR_IN_A_LETTER = 0.03
"""The same for letters, which tell of many things."""


def with_what_is_not_ours(
    asked: Sequence[Asked], parts: Sequence[Part], whole: Mapping[str, float], *, letter: bool
) -> list[Asked]:
    """Put what is asked beside the requests of a message, and is not for us, in its place among them.

    Args:
        asked: What its clauses ask for.
        parts: The clauses.
        whole: The probability of each intent where only one is meant.
        letter: Whether it is a letter.
    """
    likely = whole.get(NOT_OURS, 0.0)
    found = next((part for part in parts if _is_not_ours(part, likely, letter=letter)), None)
    if not asked or found is None or any(each.intent == NOT_OURS for each in asked):
        return list(asked)
    position = parts.index(found)
    # "Can someone look?" goes on with what does not work.
    rest = [each for each in asked if each.intent != "talk_to_human" or not _goes_on(each, position, parts)]
    if not rest:
        return list(asked)
    before = [each for each in rest if position_of(each, parts) < position]
    beside = Asked(NOT_OURS, found.probabilities[NOT_OURS], found.clause.text)
    return [*before, beside, *(each for each in rest if each not in before)]


def _is_not_ours(part: Part, likely: float, *, letter: bool) -> bool:
    sure, spoken_for = (SURELY_IN_A_LETTER, SPOKEN_FOR_IN_A_LETTER) if letter else (SURELY, SPOKEN_FOR)
    return (
        likely >= spoken_for
        and part.probabilities.get(NOT_OURS, 0.0) >= sure
        and part.asks >= ASKS_OR_TELLS
        and not is_bare_value(part.clause.text)
    )


def _goes_on(asked: Asked, position: int, parts: Sequence[Part]) -> bool:
    talks = wordings.TALKS.search(normalised(asked.text)) is not None
    return not talks and position_of(asked, parts) == position + 1
