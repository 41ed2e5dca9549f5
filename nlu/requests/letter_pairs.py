"""What a letter asks for in pairs: a breach and what follows from it, a look and a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlu.classification.text import normalised
from nlu.requests import pointing
from nlu.requests.asked import Asked
from nlu.requests.interfaces import Part

ACCESS_AND_A_COPY = frozenset({"access", "portability"})
"""What each is mostly part of the other."""

BESIDE_A_BREACH = frozenset({"complaint", "talk_to_human", "contact_dpo"})
"""What somebody asks for who reports a breach in the same letter; beside all else, one is rather told of."""

HEARD_OF_A_BREACH = 0.5
"""How likely it must be, beside the other clauses, that a clause reports one."""

SURE_OF_A_BREACH = 0.8
"""How likely a clause must tell of a breach."""


def as_one_copy(main: str, asked: list[Asked], whole: Mapping[str, float]) -> list[Asked]:
    """Take a wish to see and a wish to have, both beside another request, for the likelier of the two."""
    if main in ACCESS_AND_A_COPY or not {each.intent for each in asked} >= ACCESS_AND_A_COPY:
        return asked
    less = min(ACCESS_AND_A_COPY, key=lambda intent: whole.get(intent, 0.0))
    return [each for each in asked if each.intent != less]


def with_a_breach(asked: list[Asked], parts: Sequence[Part]) -> list[Asked]:
    """Put the breach that a letter reports before what it asks for about it: 72 hours count from then
    (Article 33 of the UK GDPR)."""
    reported = any(pointing.REPORTS_IT.search(normalised(part.clause.text)) for part in parts)
    if any(each.intent == "report_breach" for each in asked) or not (
        reported or (len(asked) == 1 and asked[0].intent in BESIDE_A_BREACH)
    ):
        return asked
    reports = [
        Asked("report_breach", part.surest[1], part.clause.text)
        for part in parts
        if part.surest[0] == "report_breach"
        and part.surest[1] >= SURE_OF_A_BREACH
        and (reported or part.in_context >= HEARD_OF_A_BREACH)
    ]
    return [*reports[:1], *asked]
