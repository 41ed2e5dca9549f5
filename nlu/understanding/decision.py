"""The decision: act on a message, ask what it means, answer it, or just talk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlu.placeholders.patterns import is_bare_value
from nlu.requests.asked import Asked
from nlu.requests.interfaces import Part
from nlu.requests.merging import Merged, merge
from nlu.understanding.guards import Guard, guard_for, is_mentioned, is_vague
from nlu.understanding.marketing import MARKETING, both_directions, directed
from nlu.understanding.slots import slots_for
from nlu.understanding.vocabulary import (
    CONTRACT,
    GRAVE,
    QUESTIONS,
    REQUESTS,
    SITUATIONAL,
    UNCLEAR,
)

SURE_ENOUGH = 0.4
"""The least probability at which a request or a question is taken as meant."""

SURE_ENOUGH_IF_GRAVE = 0.55
"""The same for what must never start unasked."""

LEAST_IF_GRAVE = 0.2
"""The least of the classifier's own probability for the same, once another grave request was ruled out."""

LEAST_IN_PLACE_OF_A_GUARDED = 0.1
"""The same for any other intent that moves up because a grave one was ruled out."""

LIKELY = 0.95
"""From here on, the classifier itself takes a grave request for meant, whatever words it is in."""

SURE_ENOUGH_TO_TALK = 0.3
"""The same for small talk, where a mistake costs nothing."""

WORTH_OFFERING = 0.08
"""The least probability of an intent that is offered when the contact is asked."""

OFFERED_AT_MOST = 3

CLEARLY_AHEAD = 1.5
"""How many times likelier than the next the likeliest must be, to stand alone where the contact is asked."""

NOT_ENGLISH = 0.9
"""How sure it is that we have nothing to say to a message in another language."""

_PRECEDENCE = ("act", "inform", "talk")


@dataclass(frozen=True)
class Reading:
    """One intent that was read, how sure that is, and what was said with it."""

    name: str
    confidence: float
    slots: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the form that the contract prints."""
        return {"name": self.name, "confidence": round(self.confidence, 4), "slots": dict(self.slots)}


@dataclass(frozen=True)
class Understanding:
    """What a message means and what is to be done about it.

    `effective_intent` is what the rules see: the first intent, `unclear` when the contact is to be asked,
    or an intent that only the present situation gives a meaning to. When the contact is asked, `candidates`
    are what is offered, the likeliest first, and `intents` those of them that the message may well mean:
    the likeliest alone where it is clearly ahead.
    """

    decision: str
    intents: tuple[Reading, ...]
    effective_intent: str
    confidence: float
    out_of_scope: float
    sections: tuple[Mapping[str, Any], ...] = ()
    language: str | None = None
    candidates: tuple[Reading, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the form that the contract prints.

        `language` is there only where it is not English, `candidates` only where the contact is asked.
        """
        printed: dict[str, Any] = {
            "decision": self.decision,
            "intents": [reading.as_dict() for reading in self.intents],
            "sections": [dict(section) for section in self.sections],
            "out_of_scope": round(self.out_of_scope, 4),
        }
        if self.candidates:
            printed["candidates"] = [reading.as_dict() for reading in self.candidates]
        return printed if self.language is None else {**printed, "language": self.language}


def decide(
    text: str,
    probabilities: Mapping[str, float],
    offered: Collection[str] = (),
    sections: tuple[Mapping[str, Any], ...] = (),
    parts: Sequence[Part] = (),
    language: str | None = None,
) -> Understanding:
    """Decide what to do about one message.

    Args:
        text: The message, with placeholders.
        probabilities: The classifier's probability of each intent.
        offered: Ids of the choices on offer; situational intents count only among them.
        sections: Sections of the policy that answer the message, best first.
        parts: Its clauses, if there are several.
        language: Its language where that is surely not English: nothing is read into it then.
    """
    if language is not None and not is_bare_value(text):
        reading = Reading("out_of_scope", NOT_ENGLISH)
        return Understanding("talk", (reading,), reading.name, NOT_ENGLISH, NOT_ENGLISH, sections, language)
    merged = merge(text, probabilities, parts)
    if merged.asked:
        return _several(text, merged.asked, probabilities.get("out_of_scope", 0.0), sections)
    return _one(text, merged, probabilities, offered, sections)


def _several(
    text: str, asked: Sequence[Asked], out_of_scope: float, sections: tuple[Mapping[str, Any], ...]
) -> Understanding:
    readings = tuple(
        _reading(intent, request.confidence, request.text, text)
        for request in asked
        for intent in _directions(request, asked)
    )
    first = min(readings, key=lambda reading: _PRECEDENCE.index(decision_for(reading.name)))
    decision = decision_for(first.name)
    return Understanding(decision, readings, first.name, first.confidence, out_of_scope, sections)


def _directions(request: Asked, asked: Sequence[Asked]) -> Sequence[str]:
    """Both directions where a clause wants one topic and refuses another, unless another clause says so."""
    both = both_directions(request.text) if request.intent in MARKETING else ()
    others = {each.intent for each in asked if each is not request}
    return (request.intent,) if others & set(both) else both or (request.intent,)


def _one(
    text: str,
    merged: Merged,
    read: Mapping[str, float],
    offered: Collection[str],
    sections: tuple[Mapping[str, Any], ...],
) -> Understanding:
    probabilities = merged.whole
    ranking = _ranking(directed(text, probabilities), offered)
    out_of_scope = probabilities.get("out_of_scope", 0.0)
    if not text.strip():
        return Understanding("ask", (), UNCLEAR, 0.0, out_of_scope, sections)
    if is_bare_value(text):
        return Understanding("talk", (), "provide", 1.0, out_of_scope, sections)
    likeliest, confidence = ranking[0]
    if likeliest in SITUATIONAL:
        if confidence >= SURE_ENOUGH:
            return Understanding("talk", (), likeliest, confidence, out_of_scope, sections)
        ranking = _without(ranking, SITUATIONAL)
    guards = _guards(merged.words, ranking)
    ranking = _ruled_out(ranking, guards)
    likeliest, confidence = ranking[0]
    doubtful = (
        likeliest in guards
        or likeliest in merged.doubtful
        or is_vague(text)
        or probabilities.get(likeliest, 0.0) < _least(likeliest, guards)
        # What moves up because another request was ruled out must be spoken of.
        or (likeliest in GRAVE and _is_unnamed(likeliest, read.get(likeliest, 0.0), text))
    )
    if doubtful or confidence < _threshold(likeliest):
        return _ask(ranking, out_of_scope, sections)
    readings = tuple(
        _reading(intent, confidence, text, text)
        for intent in (likeliest in MARKETING and both_directions(text)) or (likeliest,)
    )
    return Understanding(decision_for(likeliest), readings, likeliest, confidence, out_of_scope, sections)


def _is_unnamed(intent: str, read: float, text: str) -> bool:
    """Whether a message has no word for a grave intent, or only one to say that it is not meant."""
    if not is_mentioned(intent, text):
        return read < LIKELY
    return guard_for(intent, text) is Guard.NEGATED


def _reading(intent: str, confidence: float, words: str, message: str) -> Reading:
    return Reading(intent, confidence, slots_for(intent, words, message))


def decision_for(intent: str) -> str:
    """Say what is done about an intent that is clear: `act`, `inform` or `talk`."""
    if intent in REQUESTS:
        return "act"
    return "inform" if intent in QUESTIONS else "talk"


def _ranking(probabilities: Mapping[str, float], offered: Collection[str]) -> list[tuple[str, float]]:
    allowed = {
        intent: probability
        for intent, probability in probabilities.items()
        if intent in CONTRACT or (intent in SITUATIONAL and intent in offered)
    }
    total = sum(allowed.values()) or 1.0
    ranking = [(intent, probability / total) for intent, probability in allowed.items()]
    return sorted(ranking, key=lambda entry: -entry[1]) or [("out_of_scope", 0.0)]


def _without(ranking: list[tuple[str, float]], dropped: Collection[str]) -> list[tuple[str, float]]:
    kept = [(intent, probability) for intent, probability in ranking if intent not in dropped]
    total = sum(probability for _, probability in kept) or 1.0
    return [(intent, probability / total) for intent, probability in kept]


def _guards(text: str, ranking: list[tuple[str, float]]) -> dict[str, Guard]:
    guards = {}
    for intent, probability in ranking:
        if intent in GRAVE and probability >= WORTH_OFFERING:
            guard = guard_for(intent, text)
            if guard:
                guards[intent] = guard
    return guards


def _ruled_out(ranking: list[tuple[str, float]], guards: Mapping[str, Guard]) -> list[tuple[str, float]]:
    asked_about = sum(p for intent, p in ranking if guards.get(intent) is Guard.QUESTION)
    # A question about a right is answered: what spoke for the right speaks for the question.
    shifted = [(intent, p + asked_about if intent == "ask_rights" else p) for intent, p in ranking]
    # What was only reported may be meant all the same, so it stays among what is offered.
    dropped = [intent for intent, guard in guards.items() if guard is not Guard.REPORTED]
    return sorted(_without(shifted, dropped), key=lambda entry: -entry[1])


def _least(intent: str, guards: Mapping[str, Guard]) -> float:
    if intent == "ask_rights" or not guards:
        return 0.0
    return LEAST_IF_GRAVE if intent in GRAVE else LEAST_IN_PLACE_OF_A_GUARDED


def _threshold(intent: str) -> float:
    if intent in GRAVE:
        return SURE_ENOUGH_IF_GRAVE
    return SURE_ENOUGH if intent in REQUESTS or intent in QUESTIONS else SURE_ENOUGH_TO_TALK


def _ask(
    ranking: list[tuple[str, float]],
    out_of_scope: float,
    sections: tuple[Mapping[str, Any], ...],
) -> Understanding:
    candidates = tuple(
        Reading(intent, probability)
        for intent, probability in ranking[:OFFERED_AT_MOST]
        if probability >= WORTH_OFFERING and (intent in REQUESTS or intent in QUESTIONS)
    ) or (Reading(*ranking[0]),)
    first, *others = candidates
    ahead = not others or first.confidence >= CLEARLY_AHEAD * others[0].confidence
    intents = (first,) if ahead else candidates
    return Understanding(
        "ask", intents, UNCLEAR, first.confidence, out_of_scope, sections, candidates=candidates
    )
