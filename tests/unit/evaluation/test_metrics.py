"""Each measure against a value worked out by hand, or against what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation import metrics

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=12)


def test_macro_f1_is_the_mean_over_the_expected_labels() -> None:
    pairs = [(["a"], ["a"]), (["a"], ["b"]), (["b"], ["b"]), (["c", "a"], ["c", "z"])]
    # a: 1 hit, 3 expected, 1 given; b: 1, 1, 2; c: 1, 1, 1; z is nobody's
    assert metrics.macro_f1(pairs) == pytest.approx((2 / 4 + 2 / 3 + 2 / 2) / 3)
    assert metrics.macro_f1([]) == 0.0


@given(positive=SCORES, negative=SCORES)
def test_auroc_is_how_often_a_positive_beats_a_negative(positive: list[float], negative: list[float]) -> None:
    wins = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    assert metrics.auroc(positive, negative) == pytest.approx(wins / (len(positive) * len(negative)))


def test_auroc_of_one_kind_alone_is_none() -> None:
    assert metrics.auroc([], [0.1]) is None
    assert metrics.auroc([0.1], []) is None


def test_coverage_counts_what_is_sure_enough_and_leaves_out_what_nothing_reaches() -> None:
    readings = [(0.9, True), (0.5, True), (0.5, False), (0.2, False)]
    points = metrics.coverage(readings, (0.0, 0.5, 0.9, 0.95))
    assert [(point.threshold, point.covered, point.right) for point in points] == [
        (0.0, 1.0, 0.5),
        (0.5, 0.75, pytest.approx(2 / 3)),
        (0.9, 0.25, 1.0),
    ]


def test_calibration_groups_by_confidence_and_weighs_by_lines() -> None:
    bins = metrics.calibration([(0.95, True), (1.0, True), (0.91, False), (0.12, False)])
    assert [(one.lines, one.confidence, one.right) for one in bins] == [
        (1, 0.12, 0.0),
        (3, pytest.approx(0.95333, abs=1e-4), pytest.approx(2 / 3)),
    ]
    assert metrics.calibration_error(bins) == pytest.approx((0.12 + 3 * (0.95333 - 2 / 3)) / 4, abs=1e-4)
    assert metrics.calibration_error(()) == 0.0


def test_percentiles_are_values_that_occurred() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [metrics.percentile(values, share) for share in (0.0, 0.5, 0.8, 0.81, 1.0)] == [1, 3, 4, 5, 5]


def test_the_rule_of_three_bounds_what_was_never_seen() -> None:
    assert metrics.rule_of_three(1000) == pytest.approx(0.003)
    assert metrics.rule_of_three(2) == 1.0
