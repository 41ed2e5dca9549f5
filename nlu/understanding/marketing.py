"""Marketing preferences in a message: which topics and channels are named, and in which direction it goes.

The words are data (`data/topics.yml`). The classifier confuses the two directions more than anything else, as
they differ in a word or two: a plain refusal decides between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml  # type: ignore[import-untyped]

from nlu.classification.text import normalised
from nlu.home import PROJECT

MARKETING = ("opt_out", "opt_in")
CLEARLY_MARKETING = 0.5
"""The least that both directions together must have before the words decide between them."""

_REFUSES = re.compile(
    r"\b(?:stop|unsubscribe|opt (?:me )?out|opting out|take \w+(?: \w+)? off|remove|no more|cease|quit|drop"
    r"|(?:do not|don't|dont) (?:send|want|email|e-mail|mail|call|text|ring|phone|contact))\b"
)
_WANTS = re.compile(
    r"\b(?:resubscribe|re-subscribe|opt (?:me )?(?:back )?in|opting in|sign me (?:back )?up|back on|again"
    r"|start|keep|resume|restart|undo)\b"
)
_NEGATED = re.compile(
    r"\b(?:do not|don't|dont|never|not|without|rather than|no need to|didn't|did not)\s(?:\w+\s){0,2}$"
)


def slots_of(text: str) -> dict[str, list[str]]:
    """Return the topics and the channels a text names, each only if it names any.

    Args:
        text: The message, with placeholders.
    """
    readable = normalised(text)
    found = {
        kind: [name for name, pattern in patterns.items() if pattern.search(readable)]
        for kind, patterns in _patterns().items()
    }
    return {kind: names for kind, names in found.items() if names}


def directed(text: str, probabilities: Mapping[str, float]) -> Mapping[str, float]:
    """Return the probabilities with those of stopping and starting marketing put the way the words go.

    Args:
        text: The message.
        probabilities: The classifier's probability of each intent.
    """
    out, into = (probabilities.get(intent, 0.0) for intent in MARKETING)
    if out + into < CLEARLY_MARKETING:
        return probabilities
    readable = normalised(text)
    refuses = _meant(_REFUSES, readable)
    wants = _WANTS.search(readable) is not None
    if refuses and not wants and into > out:
        return {**probabilities, "opt_out": into, "opt_in": out}
    return probabilities


def _meant(pattern: re.Pattern[str], text: str) -> bool:
    return any(not _NEGATED.search(text[: found.start()]) for found in pattern.finditer(text))


@lru_cache(maxsize=1)
def _patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    content: dict[str, Any] = yaml.safe_load((PROJECT / "data" / "topics.yml").read_text(encoding="utf-8"))
    return {
        kind: {
            name: re.compile(r"\b(?:" + "|".join(re.escape(said) for said in facts["said_as"]) + r")\b")
            for name, facts in content[kind].items()
            if facts.get("said_as")
        }
        for kind in ("topics", "channels")
    }
