"""What the trained model must make of messages that nobody tuned it to.

A test that fails here is no reason to look at the lines: read the mistakes of `development/`, which is for
that.
"""

from __future__ import annotations

import pytest

from bot.evaluation.goals import Goal, goals_of_costs, goals_of_hiding, goals_of_understanding
from bot.evaluation.interfaces import Report
from bot.evaluation.labelled import UNTOUCHED, read_labelled
from bot.gateway.vocabulary import INTENTS

UNDERSTANDING = (
    "plain: right",
    "typo: right",
    "negation: right",
    "hypothetical: right",
    "third_party: right",
    "several: right",
    "letter: right",
    "plain requests for a right: acted on",
    "out of scope: AUROC",
    "policy: section in the first place",
    "policy: section in the first three",
    "policy: nothing where it does not tell",
    "unsafe starts",
    "points lost by hiding personal data",
)
COSTS = (
    "parsing over HTTP, median",
    "parsing over HTTP, 95th percentile",
    "engine ready",
    "engine memory",
    "training",
)
ON_THE_LINE = (
    "letters: 95 % is the goal, 94.2 to 95.8 % were measured in November 2026; docs/understanding.md"
)
LETTERS_AT_LEAST = 0.91
LINES_AT_LEAST = 600
LINES_OF_AN_INTENT_AT_LEAST = 8


@pytest.fixture(scope="module")
def goals(report: Report) -> dict[str, Goal]:
    """Every goal of understanding, by name."""
    return {goal.name: goal for goal in (*goals_of_understanding(report.figures), *goals_of_hiding(report))}


def test_the_set_has_every_intent_and_kind_of_text() -> None:
    lines = read_labelled(UNTOUCHED)
    plain = [line.alternatives[0][0] for line in lines if line.category == "plain"]
    assert len(lines) >= LINES_AT_LEAST
    assert min(plain.count(intent) for intent in INTENTS) >= LINES_OF_AN_INTENT_AT_LEAST


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            # One letter of 120 decides, and a training on another processor may read one otherwise.
            name,
            marks=[pytest.mark.xfail(reason=ON_THE_LINE, strict=False)] * (name == "letter: right"),
        )
        for name in UNDERSTANDING
    ],
)
def test_it_understands(name: str, goals: dict[str, Goal]) -> None:
    goal = goals[name]
    assert goal.met, f"{name}: {goal.found}, {goal.goal}"


def test_letters_are_read_no_worse_than_was_measured(report: Report) -> None:
    (letters,) = (category for category in report.figures.categories if category.name == "letter")
    assert letters.accuracy >= LETTERS_AT_LEAST


def test_no_goal_is_left_out(goals: dict[str, Goal]) -> None:
    assert sorted(goals) == sorted(UNDERSTANDING)


@pytest.mark.full
@pytest.mark.parametrize("name", COSTS)
def test_it_costs_no_more_than_it_may(name: str, report_with_engine: Report) -> None:
    goal = {goal.name: goal for goal in goals_of_costs(report_with_engine)}[name]
    assert goal.met, f"{name}: {goal.found}, {goal.goal}"
