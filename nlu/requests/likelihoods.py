"""Moves likelihood from one intent to another, where the words of a clause leave no doubt."""

from __future__ import annotations

from collections.abc import Mapping

SURE_BY_ITS_WORDS = 0.95
"""How sure it is what a clause does, where its first words leave no doubt."""


def moved(probabilities: Mapping[str, float], source: str, target: str) -> dict[str, float]:
    """Return probabilities in which what spoke for one intent speaks for another."""
    both = probabilities.get(source, 0.0) + probabilities.get(target, 0.0)
    return {**probabilities, target: both, source: 0.0}


def surely(intent: str, probabilities: Mapping[str, float]) -> dict[str, float]:
    """Return probabilities in which one intent is as sure as words can make it."""
    share = 1.0 - SURE_BY_ITS_WORDS
    return {name: probability * share for name, probability in probabilities.items()} | {
        intent: SURE_BY_ITS_WORDS
    }
