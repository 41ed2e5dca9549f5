"""Rights that a letter calls by the law's names for them: "I exercise my right under Article 15".

Templates recite the whole law and ask for one thing, so that a name counts only in a clause that makes use of
it, names no other, and neither refuses it nor keeps it for later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlu.classification.text import normalised


def _article(number: str, *names: str) -> re.Pattern[str]:
    # Not the list "Articles 15 to 22", which is a recital.
    return re.compile("|".join((rf"\bart(?:icle|\.)? ?{number}(?!\d)(?! (?:to|and|or) \d)", *names)))


_NAMES = {
    "access": _article("15", r"\bsubject access\b", r"\bright of access\b", r"\bd?sar\b"),
    "rectify": _article("16", r"\bright (?:to|of) rectification\b"),
    "erase": _article(
        "17",
        r"\bright (?:to|of) erasure\b",
        r"\bright to be forgotten\b",
        r"\bas (?:my|a|an|our) (?:\w+ )?request (?:to be (?:deleted|erased)|for (?:deletion|erasure))\b",
    ),
    "restrict": _article("18", r"\bright (?:to|of) restrict(?:ion)?\b"),
    "portability": _article("20", r"\bright (?:to|of) (?:data )?portability\b"),
    "object": _article(r"21(?! ?\([23]\))", r"\bright to object\b"),
    "opt_out": _article(r"21 ?\([23]\)"),
    "automated_decisions": _article("22"),
    "withdraw_consent": _article(r"7 ?\(3\)", r"\bright to withdraw (?:my |the |any )?consent\b"),
}

_CITES_ACCESS = re.compile(
    r"\b(?:art(?:icle|\.)? ?15|subject access|access request|right of access)\b", re.IGNORECASE
)
_CITES_PORTABILITY = re.compile(
    r"\b(?:art(?:icle|\.)? ?20|portab\w+|machine[- ]readable|csv|json|xml|spreadsheet|excel)\b", re.IGNORECASE
)

_MADE_USE_OF = re.compile(
    r"\b(?:exercis\w+|invok\w+|mak(?:e|ing) use of|hereby|request(?:ing)?|requir(?:e|ing)|demand(?:ing)?"
    r"|call(?:ing)? (?:up)?on|apply|applying|(?:treat|consider|regard|take) (?:this|it|my)|please"
    r"|i(?:'d| would) like|you are to|i (?:(?:also|further|now) )?(?:want|ask|object|withdraw))\b"
)

_NOT_NOW = re.compile(
    r"\b(?:not|n't|no|never|nor|without(?! (?:undue|further|delay))|if|should|may|might|could|reserve|aware"
    r"|know|understand|later|how|what|whether|asked|requested|exercised|made|sent|refused|ignored)\b|n't\b"
)

_ON_MARKETING = re.compile(r"\bmarketing\b|\bart(?:icle|\.)? ?21 ?\([23]\)")
_ON_OTHER_PROCESSING = re.compile(
    r"\b(?:profil|track|analy[sz]|scor|statistic|research|legitimate interest|behaviou?r|watch|monitor)\w*"
)

_PROFILING_FOR_MARKETING = re.compile(
    r"\bprofiling,? (?:(?:to the extent|in ?so ?far as|so far as|where|which|that)(?: that)?"
    r"(?: it(?: is|'s)| is)? )?(?:(?:related|relating|connected|linked) (?:to|with)|for)"
    r" (?:such|that|this|direct|the|your)(?: direct)? marketing\b"
)
"""Article 21(2): "… which includes profiling to the extent that it is related to such direct marketing"."""


_ACCESS_AND_A_COPY = re.compile(r"\bart(?:icle)?s\.? ?15(?: ?\(\d\))* (?:and|&) 20\b")


def access_and_a_copy(texts: Iterable[str]) -> bool:
    """Whether a letter makes use of the rights of access and of portability both: "Articles 15 and 20".

    Args:
        texts: Its clauses.
    """
    return any(_ACCESS_AND_A_COPY.search(normalised(text)) for text in texts)


def right_made_use_of(text: str) -> str | None:
    """Return the intent of the one right that a clause makes use of by its name in the law.

    Args:
        text: The clause.
    """
    readable = normalised(text)
    if not _MADE_USE_OF.search(readable) or _NOT_NOW.search(readable):
        return None
    named = [intent for intent, names in _NAMES.items() if names.search(readable)]
    return named[0] if len(named) == 1 else None


def objects_to_marketing_alone(text: str) -> bool:
    """Whether all that a letter can object to is marketing, which the law lets one end without a reason."""
    readable = _PROFILING_FOR_MARKETING.sub("", normalised(text))
    return _ON_MARKETING.search(readable) is not None and _ON_OTHER_PROCESSING.search(readable) is None


def cites_access_alone(text: str) -> bool:
    """Whether a letter cites access, and nothing of portability: the copy of Article 15 is part of that.

    Args:
        text: The letter.
    """
    return _CITES_ACCESS.search(text) is not None and _CITES_PORTABILITY.search(text) is None
