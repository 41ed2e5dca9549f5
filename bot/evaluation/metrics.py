"""Measures that know nothing of privacy: F1, ranking, calibration, coverage, percentiles."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from bot.evaluation.interfaces import Bin, Point


def macro_f1(pairs: Iterable[tuple[Collection[str], Collection[str]]]) -> float:
    """Mean F1 over the labels that are expected somewhere.

    Args:
        pairs: for each message the expected labels and those given.

    Returns:
        From 0 to 1; 0 where nothing is expected. Labels given but never expected have no F1 of their own:
        they count against the label that they stand in the place of.
    """
    hit: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for wanted, got in pairs:
        expected.update(set(wanted))
        given.update(set(got))
        hit.update(set(wanted) & set(got))
    if not expected:
        return 0.0
    return sum(2 * hit[name] / (expected[name] + given[name]) for name in expected) / len(expected)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How often a positive scores above a negative; a tie counts half.

    Args:
        positive: scores of what should score high.
        negative: scores of the rest.

    Returns:
        From 0 to 1 (0.5 is chance), None where either is empty.
    """
    if not positive or not negative:
        return None
    ordered = sorted([(score, True) for score in positive] + [(score, False) for score in negative])
    ranks, position = 0.0, 0
    while position < len(ordered):
        end = position
        while end < len(ordered) and ordered[end][0] == ordered[position][0]:
            end += 1
        shared = (position + 1 + end) / 2
        ranks += shared * sum(is_positive for _, is_positive in ordered[position:end])
        position = end
    count = len(positive)
    return (ranks - count * (count + 1) / 2) / (count * len(negative))


def coverage(readings: Sequence[tuple[float, bool]], thresholds: Iterable[float]) -> tuple[Point, ...]:
    """What share is at least as sure as each threshold, and what share of that is right.

    Args:
        readings: confidence and rightness of each message.
        thresholds: in the order wanted; those that nothing reaches are left out.
    """
    points = []
    for threshold in thresholds:
        kept = [right for confidence, right in readings if confidence >= threshold]
        if kept:
            points.append(Point(threshold, len(kept) / len(readings), sum(kept) / len(kept)))
    return tuple(points)


def calibration(readings: Sequence[tuple[float, bool]], bins: int = 10) -> tuple[Bin, ...]:
    """Group readings by confidence.

    Args:
        readings: confidence and rightness of each message.
        bins: into how many parts of equal width confidence is divided; empty ones are left out.
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in readings:
        groups.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, right))
    return tuple(
        Bin(
            len(group),
            sum(confidence for confidence, _ in group) / len(group),
            sum(right for _, right in group) / len(group),
        )
        for _, group in sorted(groups.items())
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: by how much confidence and rightness differ, weighted by lines."""
    total = sum(group.lines for group in bins)
    if not total:
        return 0.0
    return sum(group.lines * abs(group.confidence - group.right) for group in bins) / total


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies, the nearest rank.

    Args:
        values: at least one.
        share: from 0 to 1.
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def rule_of_three(lines: int) -> float:
    """The rate that is excluded with 95 % confidence when something happened on none of so many lines."""
    return min(1.0, 3 / lines)
