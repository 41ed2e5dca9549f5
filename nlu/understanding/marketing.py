"""Marketing preferences in a message: which topics and channels are named, and in which direction it goes.

The words are data (`data/topics.yml`). The classifier confuses the two directions more than anything else, as
they differ in a word or two: the nearest word of refusing or wanting before a name decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml  # type: ignore[import-untyped]

from nlu.classification.text import normalised
from nlu.home import PROJECT

MARKETING = ("opt_out", "opt_in")
CLEARLY_MARKETING = 0.5
"""The least that both directions together must have before the words decide between them."""

_REFUSING = (
    r"stop\w*|unsubscrib\w*|opt(?:ing)? (?:me )?out|take \w+(?: \w+)? off|(?:get|take|put) \w+ off"
    r"|remov\w+|no more|no|cease"
    r"|quit|drop|end|cancel|enough|sick of|tired of|fed up with|not?|without|never|switch off|turn off"
    r"|cut|rid of|leave out"
    r"|(?:do not|don't|dont|doesn't|didn't)"
)
_KEEPING = (
    r"keep\w*|leave|still|continue|go on|carry on|happy to|fine|okay|except|apart from|other than|besides"
)
_WANTING = (
    r"only|just|want\w*|wish|like|love|re-?subscrib\w*|subscrib\w*|opt(?:ing)? (?:me )?(?:back )?in"
    r"|sign (?:me )?(?:back )?up"
    r"|(?:put|get|have) me (?:back )?(?:on|in|down)|back on|add|start\w*|resume|restart|restore|yes to"
    r"|send|undo|switch on"
    r"|turn \w* ?on|interested in|rather|prefer"
)
_CUE = re.compile(rf"\b(?:(?P<out>{_REFUSING})|(?P<keep>{_KEEPING})|(?P<want>{_WANTING}))\b")
_NEGATION = re.compile(
    r"\b(?:do not|don't|dont|never|not|no longer|without|no need to|didn't|did not|cannot)\s(?:\w+\s){0,2}$"
)
_THOSE = re.compile(
    r"\b(?:stop|end|cancel|drop|quit|cease)\w*\W+(?:those|these|them|that|it)\b|\b(?:should|must"
    r"|can) (?:stop|end|go)\b"
)
_REFUSES = re.compile(
    r"\b(?:stop|unsubscribe|opt (?:me )?out|opting out|take \w+(?: \w+)? off|remove|no more|cease|quit|drop"
    r"|(?:turn|switch|shut) (?:\w+ ){0,4}off"
    r"|cancel (?:my |the )?(?:\w+ ){0,2}(?:subscription|newsletter|email)s?"
    r"|(?:do not|don't|dont|never) (?:\w+ )?(?:send|want|email|e-mail|mail|call|text|ring|phone|contact))\b"
)
_WANTS = re.compile(
    r"\b(?:resubscribe|re-subscribe|opt (?:me )?(?:back )?in|opting in|sign me (?:back )?up|back on"
    r"|start|keep|resume|restart|undo)\b"
)

OUT, IN, KEPT = "opt_out", "opt_in", "kept"


@dataclass(frozen=True)
class Named:
    """A topic or channel that a text names, and which way: `opt_out`, `opt_in`, `kept`, or nothing said."""

    kind: str
    name: str
    position: int
    direction: str | None


def named_in(text: str) -> list[Named]:
    """Return the topics and channels a text names, in order, each with its direction.

    Args:
        text: The message or a part of it, with placeholders.
    """
    readable = normalised(text)
    cues = list(_cues(readable))
    found = []
    for position, kind, name in _mentions(readable):
        before = [direction for place, direction in cues if place < position]
        found.append(Named(kind, name, position, before[-1] if before else None))
    if _THOSE.search(readable):
        # "Not the notices, only the offers, stop those": what was singled out is what is to stop.
        turned = {OUT: KEPT, IN: OUT, KEPT: KEPT, None: OUT}
        found = [Named(each.kind, each.name, each.position, turned[each.direction]) for each in found]
    return found


def preferences(intent: str, text: str) -> dict[str, list[str]]:
    """Return the slots of a wish about marketing.

    Args:
        intent: `opt_out` or `opt_in`.
        text: The words that carry it.

    Returns:
        `topics` and `channels` that are to stop or to start, `kept_topics` and `kept_channels` that are not.
    """
    slots: dict[str, list[str]] = {}
    for each in named_in(text):
        aligned = each.direction in (None, intent)
        if intent == IN and each.direction == KEPT:
            aligned = True
        slot = each.kind if aligned else f"kept_{each.kind}"
        if each.name not in slots.setdefault(slot, []):
            slots[slot].append(each.name)
    for kind in ("topics", "channels"):
        kept = [name for name in slots.pop(f"kept_{kind}", []) if name not in slots.get(kind, [])]
        if kept and intent == OUT:
            slots[f"kept_{kind}"] = kept
    return {slot: names for slot, names in slots.items() if names}


def both_directions(text: str) -> tuple[str, ...]:
    """Return both intents in the order said if a text wants one topic and refuses another, else nothing."""
    topics = [each for each in named_in(text) if each.kind == "topics" and each.direction in MARKETING]
    order = tuple(dict.fromkeys(str(each.direction) for each in topics))
    names = {direction: {each.name for each in topics if each.direction == direction} for direction in order}
    return order if len(order) == 2 and not names[OUT] & names[IN] else ()


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
    if refuses and not wants:
        return {**probabilities, "opt_out": out + into, "opt_in": 0.0}
    return probabilities


def _cues(text: str) -> Iterator[tuple[int, str]]:
    for cue in _CUE.finditer(text):
        negated = _NEGATION.search(text[: cue.start()]) is not None
        if cue["out"]:
            yield (
                cue.start(),
                IN
                if negated and cue["out"].startswith(("stop", "unsub", "remov", "take", "cancel", "drop"))
                else OUT,
            )
        elif cue["keep"]:
            yield cue.start(), OUT if negated else KEPT
        else:
            yield cue.start(), OUT if negated else IN


def _meant(pattern: re.Pattern[str], text: str) -> bool:
    return any(not _NEGATION.search(text[: found.start()]) for found in pattern.finditer(text))


def _mentions(text: str) -> Iterator[tuple[int, str, str]]:
    pattern, meant = _said_as()
    for match in pattern.finditer(text):
        yield match.start(), *meant[match.group()]


@lru_cache(maxsize=1)
def _said_as() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    content: dict[str, Any] = yaml.safe_load((PROJECT / "data" / "topics.yml").read_text(encoding="utf-8"))
    meant = {
        phrase: (kind, name)
        for kind in ("topics", "channels")
        for name, facts in content[kind].items()
        for phrase in facts.get("said_as", ())
    }
    # The longest first, so that "technology newsletter" is not taken for the newsletter.
    phrases = sorted(meant, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b"), meant
