"""The decision: act on a message, ask what it means, answer it, or just talk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Collection, Mapping

from nlu.placeholders.patterns import is_bare_value
from nlu.understanding.guards import Guard, guard_for
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
"""The least of the classifier's own probability for the same, before anything was ruled out."""

SURE_ENOUGH_TO_TALK = 0.3
"""The same for small talk, where a mistake costs nothing."""

WORTH_OFFERING = 0.08
"""The least probability of an intent that is offered when the contact is asked."""

OFFERED_AT_MOST = 3


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

    `effective_intent` is what the rules see: the first intent, `unclear` when the contact is to be asked, or an intent
    that only the present situation gives a meaning to.
    """

    decision: str
    intents: tuple[Reading, ...]
    effective_intent: str
    confidence: float
    out_of_scope: float
    sections: tuple[Mapping[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the form that the contract prints."""
        return {
            "decision": self.decision,
            "intents": [reading.as_dict() for reading in self.intents],
            "sections": [dict(section) for section in self.sections],
            "out_of_scope": round(self.out_of_scope, 4),
        }


def decide(
    text: str,
    probabilities: Mapping[str, float],
    offered: Collection[str] = (),
    sections: tuple[Mapping[str, Any], ...] = (),
) -> Understanding:
    """Decide what to do about one message that carries at most one request.

    Args:
        text: The message, with placeholders.
        probabilities: The classifier's probability of each intent.
        offered: Ids of the choices on offer; situational intents count only among them.
        sections: Sections of the policy that answer the message, best first.
    """
    ranking = _ranking(probabilities, offered)
    out_of_scope = probabilities.get("out_of_scope", 0.0)
    if is_bare_value(text):
        return Understanding("talk", (), "provide", 1.0, out_of_scope, sections)
    likeliest, confidence = ranking[0]
    if likeliest in SITUATIONAL:
        if confidence >= SURE_ENOUGH:
            return Understanding("talk", (), likeliest, confidence, out_of_scope, sections)
        ranking = _without(ranking, SITUATIONAL)
    ranking = _guarded(text, ranking)
    likeliest, confidence = ranking[0]
    if confidence < _threshold(likeliest) or (likeliest in GRAVE and probabilities[likeliest] < LEAST_IF_GRAVE):
        return _ask(ranking, out_of_scope, sections)
    reading = Reading(likeliest, confidence)
    return Understanding(decision_for(likeliest), (reading,), likeliest, confidence, out_of_scope, sections)


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


def _guarded(text: str, ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
    held_back: dict[str, Guard] = {}
    for intent, probability in ranking:
        if intent in GRAVE and probability >= WORTH_OFFERING and (guard := guard_for(intent, text)):
            held_back[intent] = guard
    asked_about = sum(p for intent, p in ranking if held_back.get(intent) is Guard.QUESTION)
    # A question about a right is answered: what spoke for the right speaks for the question.
    shifted = [(intent, p + asked_about if intent == "ask_rights" else p) for intent, p in ranking]
    return sorted(_without(shifted, held_back), key=lambda entry: -entry[1])


def _threshold(intent: str) -> float:
    if intent in GRAVE:
        return SURE_ENOUGH_IF_GRAVE
    return SURE_ENOUGH if intent in REQUESTS or intent in QUESTIONS else SURE_ENOUGH_TO_TALK


def _ask(
    ranking: list[tuple[str, float]],
    out_of_scope: float,
    sections: tuple[Mapping[str, Any], ...],
) -> Understanding:
    candidates = [
        Reading(intent, probability)
        for intent, probability in ranking[:OFFERED_AT_MOST]
        if probability >= WORTH_OFFERING and (intent in REQUESTS or intent in QUESTIONS)
    ] or [Reading(*ranking[0])]
    return Understanding("ask", tuple(candidates), UNCLEAR, candidates[0].confidence, out_of_scope, sections)
