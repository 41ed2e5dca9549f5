"""What we hold ourselves to, and whether a report meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.evaluation.interfaces import Figures, Report

RIGHT_AT_LEAST: Mapping[str, float] = {
    "plain": 0.96,
    "typo": 0.92,
    "negation": 0.92,
    "hypothetical": 0.92,
    "third_party": 0.92,
    "several": 0.88,
    "letter": 0.95,
}
"""By category, the least share that must be right."""

ACTED_AT_LEAST = 0.90
AUROC_AT_LEAST = 0.97
FIRST_AT_LEAST = 0.85
FIRST_THREE_AT_LEAST = 0.95
NOTHING_GIVEN_AT_LEAST = 0.90
LOST_BY_HIDING_AT_MOST = 0.005

READY_SECONDS_AT_MOST = 45.0
MEMORY_MB_AT_MOST = 900.0
MEDIAN_MS_AT_MOST = 12.0
P95_MS_AT_MOST = 25.0
TRAINING_SECONDS_AT_MOST = 90.0
BETTER_BY_AT_LEAST = 0.15
FASTER_AT_LEAST = 10.0


@dataclass(frozen=True)
class Goal:
    """One goal, what was found, both as people write them, and whether it is met."""

    name: str
    goal: str
    found: str
    met: bool


def goals_of_understanding(figures: Figures) -> list[Goal]:
    """The goals that follow from the answers alone; those without a line to show them are left out."""
    found = [
        _at_least(f"{category.name}: right", category.accuracy, RIGHT_AT_LEAST[category.name])
        for category in figures.categories
        if category.name in RIGHT_AT_LEAST
    ]
    if figures.rights:
        found.append(
            _at_least("plain requests for a right: acted on", figures.acted / figures.rights, ACTED_AT_LEAST)
        )
    if figures.auroc is not None:
        met = figures.auroc >= AUROC_AT_LEAST
        found.append(
            Goal("out of scope: AUROC", f"at least {AUROC_AT_LEAST:.2f}", f"{figures.auroc:.4f}", met)
        )
    retrieval = figures.retrieval
    if retrieval.told:
        found += [
            _at_least("policy: section in the first place", retrieval.first / retrieval.told, FIRST_AT_LEAST),
            _at_least(
                "policy: section in the first three",
                retrieval.first_three / retrieval.told,
                FIRST_THREE_AT_LEAST,
            ),
        ]
    if retrieval.untold:
        found.append(
            _at_least(
                "policy: nothing where it does not tell",
                retrieval.nothing_given / retrieval.untold,
                NOTHING_GIVEN_AT_LEAST,
            )
        )
    unsafe = len(figures.unsafe)
    found.append(Goal("unsafe starts", "none", f"{unsafe} of {figures.lines} lines", not unsafe))
    return found


def goals_of_hiding(report: Report) -> list[Goal]:
    """What hiding personal data may cost."""
    lost = report.hiding.accuracy_without - report.figures.accuracy
    return [
        Goal(
            "points lost by hiding personal data",
            f"at most {100 * LOST_BY_HIDING_AT_MOST:.1f}",
            f"{100 * max(0.0, lost):.1f}",
            lost <= LOST_BY_HIDING_AT_MOST,
        )
    ]


def goals_of_costs(report: Report) -> list[Goal]:
    """What one message, the engine and its training may cost; what was not measured is left out."""
    found = []
    if report.engine:
        parsing = report.engine.parsing
        found += [
            _at_most("parsing over HTTP, median", parsing.median, MEDIAN_MS_AT_MOST, "ms"),
            _at_most("parsing over HTTP, 95th percentile", parsing.p95, P95_MS_AT_MOST, "ms"),
            _at_most("engine ready", report.engine.ready_seconds, READY_SECONDS_AT_MOST, "s"),
        ]
        if report.engine.memory_mb is not None:
            found.append(_at_most("engine memory", report.engine.memory_mb, MEMORY_MB_AT_MOST, "MB"))
    if report.fit:
        found.append(_at_most("training", report.fit.seconds, TRAINING_SECONDS_AT_MOST, "s"))
    return found


def goals_of_comparison(report: Report) -> list[Goal]:
    """What must hold beside Rasa's default pipeline; nothing where they were not compared."""
    if report.compared is None or report.fit is None:
        return []
    points = report.figures.accuracy - report.compared.figures.accuracy
    faster = report.compared.fit.processor_seconds / report.fit.processor_seconds
    return [
        Goal(
            "points better than Rasa's default pipeline",
            f"at least {100 * BETTER_BY_AT_LEAST:.0f}",
            f"{100 * points:.1f}",
            points >= BETTER_BY_AT_LEAST,
        ),
        Goal(
            "times faster to fit, by processor time",
            f"at least {FASTER_AT_LEAST:.0f}",
            f"{faster:.1f}",
            faster >= FASTER_AT_LEAST,
        ),
    ]


def _at_least(name: str, share: float, least: float) -> Goal:
    return Goal(name, f"at least {100 * least:.0f} %", f"{100 * share:.1f} %", share >= least)


def _at_most(name: str, value: float, most: float, unit: str) -> Goal:
    return Goal(name, f"at most {most:.0f} {unit}", f"{value:.1f} {unit}", value <= most)
